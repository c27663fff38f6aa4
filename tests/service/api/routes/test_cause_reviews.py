"""Reviews, improvements, departments, points and recurrences over HTTP, from closing to closing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.auth import SYSTEM, Role
from service.bootstrap import Container
from service.incidents import format_instant
from service.monitors import BrandDraft, MonitorDraft
from tests.service.api.caller import client_as
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM: dict[str, Any] = {
    "whys": [
        {
            "question": "为什么没有发现？",
            "answer": "抽检只看首件",
            "evidence": [{"kind": "url", "ref": "https://wiki.example/1"}],
        }
    ],
    "stopped_early": "已落到流程",
    "root_cause": "规程只要求首件",
    "cause_class": "inspection",
}


async def closed(
    everyone: httpx.AsyncClient,
    container: Container,
    clock: SteppingClock,
    name: str,
    *,
    brand: str | None = None,
) -> tuple[str, str]:
    """The ids of a crisis that was opened and closed, and of its review.

    Its monitor watches no more, and is of another brand from then on.
    """
    incident = await open_crisis(container, clock, name=name)
    brand = brand or name
    await container.brands.put(SYSTEM, BrandDraft(id=brand, name="山岚"))
    still = MonitorDraft(id=name, name="山岚", query="山岚", brand_id=brand, enabled=False)
    await container.monitors.put(SYSTEM, still)
    for deed in ("acknowledge", "resolve", "close"):
        answer = await everyone.post(f"/v1/incidents/{incident}/{deed}")
        assert answer.status_code == 200, answer.text
    listed = await everyone.get("/v1/reviews", params={"incident": incident})
    (review,) = listed.json()["items"]
    return incident, review["id"]


def proposal(clock: SteppingClock, **changes: Any) -> dict[str, Any]:
    body = {
        "title": "批次全检",
        "kind": "user",
        "due_at": format_instant(clock.now() + timedelta(days=10)),
        "impact": 4,
        "urgency": 3,
        "effort": 2,
    }
    return body | changes


async def test_a_review_from_its_beginning_to_a_recurrence(
    everyone: httpx.AsyncClient, app: FastAPI, container: Container, clock: SteppingClock
) -> None:
    made = await everyone.put("/v1/departments/quality", json={"name": "质量部"})
    assert made.status_code == 201, made.text
    first, review = await closed(everyone, container, clock, "once", brand="again")
    path = f"/v1/reviews/{review}"
    one = await everyone.get(path)
    assert [item["what"] for item in one.json()["lacks"]] == [
        "too_few_whys",
        "root_cause",
        "cause_class",
        "departments",
    ]
    saved = await everyone.put(path, json=FORM, headers={"If-Match": one.headers["etag"]})
    assert saved.json()["whys"] == FORM["whys"]
    stale = await everyone.put(path, json=FORM, headers={"If-Match": one.headers["etag"]})
    assert stale.status_code == 409
    await everyone.put(f"{path}/departments/quality")
    refused = await everyone.post(f"{path}/close")
    assert refused.status_code == 409
    assert "quality: file a proposal" in refused.json()["detail"]

    filed = await everyone.post(f"{path}/improvements", json=proposal(clock, department="quality"))
    assert (filed.status_code, filed.json()["rank"]) == (201, 6.0)
    item = f"/v1/improvements/{filed.json()['id']}"
    edited = await everyone.put(
        item, json=proposal(clock, impact=5), headers={"If-Match": filed.headers["etag"]}
    )
    assert (edited.json()["rank"], edited.json()["department"]) == (7.5, "quality")
    for state in ("accepted", "done"):
        assert (await everyone.post(f"{item}/state", json={"state": state})).status_code == 200
    own = await everyone.post(f"{item}/state", json={"state": "verified"})
    assert own.status_code == 403
    async with await client_as(app, container, Role.LEAD) as lead:
        assert (await lead.post(f"{item}/state", json={"state": "verified"})).status_code == 200
    assert (await everyone.get(item)).json()["state"] == "verified"

    done = await everyone.post(f"{path}/close")
    assert (done.json()["state"], done.json()["lacks"]) == ("closed", [])
    run = (await everyone.get(f"/v1/runs/{first}")).json()
    step = next(each for each in run["steps"] if each["id"] == "five_why_review")
    assert step["state"] == "done"

    second, again = await closed(everyone, container, clock, "again")
    window = {"until": format_instant(clock.now() + timedelta(seconds=1))}
    found = (await everyone.get("/v1/recurrences", params=window)).json()
    linked = [(item["incident"]["id"], item["of"]["id"], item["state"]) for item in found["items"]]
    assert (second, first, "proposed") in linked
    assert found["share"] == found["recurrences"] / found["crises"]
    assert found["target"] == 0.08
    excused = await everyone.put(f"/v1/reviews/{again}/departments/quality")
    excused = await everyone.post(
        f"/v1/reviews/{again}/departments/quality/excuse", json={"reason": "同一改进"}
    )
    assert [place["awaited"] for place in excused.json()["departments"]] == [False]
    await everyone.put(f"/v1/reviews/{again}", json=FORM)
    assert (await everyone.post(f"/v1/reviews/{again}/close")).status_code == 200
    only = {**window, "state": "confirmed", "limit": "1"}
    found = (await everyone.get("/v1/recurrences", params=only)).json()
    assert [item["incident"]["id"] for item in found["items"]] == [second]
    assert found["next"] is None

    balances = (await everyone.get("/v1/points")).json()
    wanted = {"department_id": "quality", "points": 2, "won": 7, "lost": -5}
    assert wanted in balances["items"]
    assert balances["rules"]["points"]["recurrence"] == -5


async def test_points_are_paged_and_losses_made_good(
    everyone: httpx.AsyncClient, app: FastAPI, container: Container, clock: SteppingClock
) -> None:
    await everyone.put("/v1/departments/logistics", json={"name": "物流部"})
    _, review = await closed(everyone, container, clock, "lost")
    path = f"/v1/reviews/{review}"
    await everyone.put(f"{path}/departments/logistics")
    clock.step(days=8)
    filed = await everyone.post(
        f"{path}/improvements", json=proposal(clock, department="logistics")
    )
    item = f"/v1/improvements/{filed.json()['id']}"
    for state in ("accepted", "done"):
        await everyone.post(f"{item}/state", json={"state": state})
    async with await client_as(app, container, Role.LEAD) as lead:
        await lead.post(f"{item}/state", json={"state": "verified"})
    ledger = "/v1/departments/logistics/points"
    page = (await everyone.get(ledger, params={"limit": 1})).json()
    rest = (await everyone.get(ledger, params={"limit": 1, "cursor": page["next"]})).json()
    rows = [*page["items"], *rest["items"]]
    assert [row["reason"] for row in rows] == ["verified_improvement", "late_proposal"]
    assert rest["next"] is None
    made = await everyone.post(
        "/v1/departments/logistics/redemptions",
        json={"row": rows[1]["id"], "improvement": filed.json()["id"]},
    )
    assert (made.status_code, made.json()["points"]) == (201, 2)


async def test_a_department_in_use_goes_only_with_an_heir(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    for name in ("legal", "pr"):
        await everyone.put(f"/v1/departments/{name}", json={"name": name})
    _, review = await closed(everyone, container, clock, "heir")
    await everyone.put(f"/v1/reviews/{review}/departments/legal")
    refused = await everyone.delete("/v1/departments/legal")
    assert (refused.status_code, "name an heir" in refused.json()["detail"]) == (409, True)
    gone = await everyone.delete("/v1/departments/legal", params={"heir": "pr"})
    assert gone.status_code == 204
    assert (await everyone.get("/v1/departments/legal")).status_code == 404
    one = (await everyone.get("/v1/departments/pr")).json()
    assert one["name"] == "pr"
    places = (await everyone.get(f"/v1/reviews/{review}")).json()["departments"]
    assert [place["department_id"] for place in places] == ["pr"]
    taken = await everyone.delete(f"/v1/reviews/{review}/departments/pr")
    assert taken.json()["departments"] == []
    wrong = await everyone.post(f"/v1/reviews/{review}/assign", json={"owner": "usr_ghost"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("sort", ["due", "newest", "rank"])
async def test_lists_are_paged(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock, sort: str
) -> None:
    await everyone.put("/v1/departments/it", json={"name": "信息部"})
    _, review = await closed(everyone, container, clock, f"paged-{sort}")
    await everyone.put(f"/v1/reviews/{review}/departments/it")
    for impact in (1, 2, 3):
        body = proposal(clock, department="it", impact=impact)
        await everyone.post(f"/v1/reviews/{review}/improvements", json=body)
    wanted: dict[str, Any] = {"review": review, "sort": sort, "limit": 2}
    page = (await everyone.get("/v1/improvements", params=wanted)).json()
    rest = await everyone.get("/v1/improvements", params=wanted | {"cursor": page["next"]})
    items = [*page["items"], *rest.json()["items"]]
    assert len({item["id"] for item in items}) == 3
    assert page["formula"] == "impact × urgency ÷ effort"
    strange = await everyone.get("/v1/improvements", params=wanted | {"cursor": "x"})
    assert strange.status_code in (400, 422)
    if sort != "rank":
        one: dict[str, Any] = {"sort": sort, "limit": 1}
        first = (await everyone.get("/v1/reviews", params=one)).json()
        assert first["next"]
        more = await everyone.get("/v1/reviews", params=one | {"cursor": first["next"]})
        assert more.status_code == 200
    departments = (await everyone.get("/v1/departments", params={"limit": 1})).json()
    assert len(departments["items"]) == 1


async def test_departments_are_applied_from_a_file(container: Container, tmp_path: Path) -> None:
    file = tmp_path / "departments.yaml"
    file.write_text("departments:\n  - {id: store, name: 门店部}\n", encoding="utf-8")
    done = await container.importer.apply(SYSTEM, file)
    assert done.created == ("departments/store",)
    assert (await container.importer.apply(SYSTEM, file)).unchanged == done.created


async def test_a_viewer_reads_and_changes_nothing(viewer: httpx.AsyncClient) -> None:
    assert "inspection" in [
        item["id"] for item in (await viewer.get("/v1/cause-classes")).json()["causes"]
    ]
    assert (await viewer.put("/v1/departments/x", json={"name": "x"})).status_code == 403
    assert (await viewer.get("/v1/reviews")).status_code == 200
