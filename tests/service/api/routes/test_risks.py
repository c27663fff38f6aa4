"""The risk register over HTTP."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from service.api.risk_register_examples import RISK_ENTRY
from service.auth import SYSTEM, Role
from service.bootstrap import Container

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def body(container: Container) -> dict[str, Any]:
    made = await container.users.create(SYSTEM, name="risk-owner", roles=[Role.VIEWER])
    return {
        "title": "数据出境未备案",
        "legal": 5,
        "user": 2,
        "technical": 3,
        "likelihood": 4,
        "loss": {"amount": "500000.00", "currency": "CNY"},
        "compliance_cost": {"amount": "80000", "currency": "CNY"},
        "owner": made.user.id,
    }


async def test_a_life_of_an_entry(everyone: httpx.AsyncClient, body: dict[str, Any]) -> None:
    made = await everyone.post("/v1/risks", json=body)
    assert made.status_code == 201, made.text
    entry = made.json()
    assert (entry["score"]["value"], entry["score"]["band"]) == (13.8, "high")
    assert entry["score"]["working"] == "(5 × 0.4 + 2 × 0.35 + 3 × 0.25) × 4 = 13.80"
    assert entry["reporting"]["expected_loss"] == "300000.00"
    assert entry["reporting"]["balance"] == "220000.00"
    assert entry["control_cost"] == {"amount": "0", "currency": "CNY"}
    assert (entry["owner"]["name"], entry["owner"]["left"]) == ("risk-owner", False)
    assert entry["review"]["due_at"] is not None

    address = f"/v1/risks/{entry['id']}"
    edited = await everyone.put(
        address, json=body | {"legal": 4}, headers={"If-Match": made.headers["etag"]}
    )
    assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')
    stale = await everyone.put(address, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 409

    moved = await everyone.post(f"{address}/stage", json={"to": "do", "note": "立项"})
    assert (moved.json()["stage"], moved.json()["version"]) == ("do", 3)
    wrong = await everyone.post(f"{address}/stage", json={"to": "plan", "note": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "illegal_transition")
    seen = await everyone.post(f"{address}/reviews", json={"note": "看过"})
    assert seen.status_code == 200
    gone = await everyone.post(f"{address}/retire", json={"reason": "业务停止"})
    assert gone.json()["retired"]
    back = await everyone.post(f"{address}/reopen", json={"reason": "又开"})
    assert (back.json()["stage"], back.json()["cycle"]) == ("plan", 2)

    history = (await everyone.get(f"{address}/history", params={"limit": 4})).json()
    assert [item["kind"] for item in history["items"]] == [
        "reopened",
        "retired",
        "reviewed",
        "moved",
    ]
    rest = await everyone.get(f"{address}/history", params={"limit": 4, "cursor": history["next"]})
    assert [item["version"] for item in rest.json()["items"]] == [2, 1]


async def test_an_incident_is_linked(
    everyone: httpx.AsyncClient, body: dict[str, Any], incident: str
) -> None:
    made = (await everyone.post("/v1/risks", json=body | {"title": "链接"})).json()
    address = f"/v1/risks/{made['id']}/links/incident/{incident}"
    assert (await everyone.put(address)).status_code == 200
    (link,) = (await everyone.get(f"/v1/risks/{made['id']}")).json()["links"]
    assert (link["kind"], link["id"]) == ("incident", incident)
    assert link["title"]
    assert (await everyone.delete(address)).status_code == 204
    assert (await everyone.delete(address)).status_code == 404


async def test_rates_and_money_of_another_currency(
    everyone: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    dollars = body | {"title": "美元", "loss": {"amount": "100", "currency": "USD"}}
    refused = await everyone.post("/v1/risks", json=dollars)
    assert refused.status_code == 422
    assert "PUT /v1/risks/rates/USD/2024-03-01" in refused.text
    rate = {"rate": "7.2", "origin": "央行中间价"}
    made = await everyone.put("/v1/risks/rates/USD/2024-02-01", json=rate)
    assert made.status_code == 201, made.text
    again = await everyone.put("/v1/risks/rates/USD/2024-02-01", json=rate | {"rate": "7.1"})
    assert (again.status_code, again.json()["rate"]) == (200, "7.1")
    entry = (await everyone.post("/v1/risks", json=dollars)).json()
    assert entry["reporting"]["loss"] == "710.00"
    assert entry["reporting"]["rates"] == {"USD": {"rate": "7.1", "day": "2024-02-01"}}

    await everyone.put("/v1/risks/rates/EUR/2024-02-01", json=rate)
    first = (await everyone.get("/v1/risks/rates", params={"limit": 1})).json()
    assert (first["reporting"], first["items"][0]["currency"]) == ("CNY", "EUR")
    second = await everyone.get("/v1/risks/rates", params={"cursor": first["next"]})
    assert [item["currency"] for item in second.json()["items"]] == ["USD"]
    assert (await everyone.delete("/v1/risks/rates/USD/2024-02-01")).status_code == 409
    assert (await everyone.delete("/v1/risks/rates/EUR/2024-02-01")).status_code == 204


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": {"amount": 5.5, "currency": "CNY"}},
        {"loss": {"amount": "-5", "currency": "CNY"}},
        {"loss": {"amount": "5", "currency": "yuan"}},
        {"legal": 6},
        {"likelihood": 0},
        {"owner": "usr_ghost"},
    ],
)
async def test_mistakes_are_refused(
    everyone: httpx.AsyncClient, body: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = await everyone.post("/v1/risks", json=body | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_list_goes_on_from_its_cursor(
    everyone: httpx.AsyncClient, viewer: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    for number in range(3):
        await everyone.post("/v1/risks", json=body | {"title": f"页 {number}", "legal": number + 1})
    for sort in ("score", "title", "review"):
        wanted: dict[str, Any] = {"q": "页", "sort": sort, "limit": 2}
        first = (await viewer.get("/v1/risks", params=wanted)).json()
        second = await viewer.get("/v1/risks", params=wanted | {"cursor": first["next"]})
        assert len(first["items"]) == 2
        assert second.json()["next"] is None
        ids = {item["id"] for item in (*first["items"], *second.json()["items"])}
        assert len(ids) == 3
    other = await viewer.get("/v1/risks", params={"cursor": first["next"]})
    assert (other.status_code, other.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("position", [[0, "NaN", "r"], [2, "1", "r"], [0, 1, "r"], [0, "x", "r"]])
async def test_a_cursor_that_was_made_up_is_refused(
    everyone: httpx.AsyncClient, body: dict[str, Any], position: list[Any]
) -> None:
    await everyone.post("/v1/risks", json=body | {"title": f"游标 {position}"})
    await everyone.post("/v1/risks", json=body | {"title": f"游标二 {position}"})
    wanted: dict[str, Any] = {"q": "游标", "limit": 1}
    given = (await everyone.get("/v1/risks", params=wanted)).json()["next"]
    padded = given.encode() + b"=" * (-len(given) % 4)
    owner, *_ = orjson.loads(base64.urlsafe_b64decode(padded))
    forged = base64.urlsafe_b64encode(orjson.dumps([owner, *position])).decode().rstrip("=")
    answer = await everyone.get("/v1/risks", params=wanted | {"cursor": forged})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_the_formula_is_there_to_be_read(viewer: httpx.AsyncClient) -> None:
    shown = (await viewer.get("/v1/risks/formula")).json()
    assert shown["weights"] == {"legal": "0.4", "user": "0.35", "technical": "0.25"}


@pytest.mark.parametrize("form", ["json", "html", "docx"])
async def test_the_report_in_three_forms(viewer: httpx.AsyncClient, form: str) -> None:
    answer = await viewer.get("/v1/risks/report", params={"format": form})
    assert answer.status_code == 200
    assert f"risks-2024-Q1.{form}" in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert len(answer.content) > 500


async def test_a_report_of_no_quarter_is_refused(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/v1/risks/report", params={"quarter": "2024-5"})
    assert answer.status_code == 422


async def test_a_viewer_reads_and_changes_nothing(
    viewer: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert (await viewer.get("/v1/risks")).status_code == 200
    assert (await viewer.post("/v1/risks", json=body)).status_code == 403
    assert (await viewer.get("/v1/risks/none")).status_code == 404


async def test_the_example_is_such_an_answer(
    everyone: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    made = (await everyone.post("/v1/risks", json=body | {"title": "示例"})).json()
    found = (await everyone.get(f"/v1/risks/{made['id']}")).json()
    assert found.keys() == RISK_ENTRY.keys()
    for name in ("score", "reporting", "review", "owner"):
        assert found[name].keys() == RISK_ENTRY[name].keys()
