"""Incidents and their runs over HTTP, from the alarm to the closed file."""

from __future__ import annotations

import httpx
import pytest

from service.bootstrap import Container
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_list_has_it(everyone: httpx.AsyncClient, incident: str) -> None:
    items = (await everyone.get("/v1/incidents?state=new&kind=crisis")).json()["items"]
    assert incident in [item["id"] for item in items]


async def test_filters_leave_it_out(everyone: httpx.AsyncClient, incident: str) -> None:
    for query in ("state=closed", "drill=true", "until=2000-01-01T00:00:00Z", "monitor=other"):
        items = (await everyone.get(f"/v1/incidents?{query}")).json()["items"]
        assert incident not in [item["id"] for item in items], query


async def test_the_queue_says_what_is_due_next(everyone: httpx.AsyncClient, incident: str) -> None:
    queue = (await everyone.get("/v1/incidents/queue")).json()
    item = next(item for item in queue["items"] if item["id"] == incident)
    assert item["next_step"]["due_at"] == item["next_due_at"]
    assert "acknowledge" in item["actions"]
    assert queue["total"] == len(queue["items"])


async def test_the_file(everyone: httpx.AsyncClient, incident: str) -> None:
    answer = await everyone.get(f"/v1/incidents/{incident}")
    file = answer.json()
    assert answer.headers["etag"] == f'"{file["version"]}"'
    assert file["tiers"][0]["tier"] == file["tier"]
    assert file["evidence"]
    assert file["timeline"][0]["kind"] == "opened"


async def test_it_explains_itself(everyone: httpx.AsyncClient, incident: str) -> None:
    answer = (await everyone.get(f"/v1/incidents/{incident}/explanation")).json()
    file = (await everyone.get(f"/v1/incidents/{incident}")).json()
    assert (answer["incident"], answer["tier"]) == (incident, file["tier"])
    change = answer["tiers"][0]
    assert change["reasons"] == file["tiers"][0]["reasons"]
    explanation = change["explanation"]
    snapshots = {item["post"]: item["snapshot"] for item in file["evidence"]}
    first = explanation["first_post"]
    assert first["snapshot"]["text"] == snapshots[first["post"]]["text"]
    assert explanation["copies"]["posts"] == 60
    assert explanation["copies"]["groups"]
    assert explanation["terms"]
    assert explanation["baseline"]["negative"]["seen"] > 0


async def test_an_unknown_incident(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.get("/v1/incidents/inc_none")).status_code == 404
    assert (await everyone.get("/v1/runs/inc_none")).status_code == 404


async def test_a_whole_life(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    incident = await open_crisis(container, clock, name="life")
    states = []
    for action in ("acknowledge", "respond", "monitor", "resolve", "close"):
        answer = await everyone.post(f"/v1/incidents/{incident}/{action}")
        assert answer.status_code == 200, answer.text
        states.append(answer.json()["state"])
    assert states == ["acknowledged", "responding", "monitoring", "resolved", "closed"]
    late = await everyone.post(f"/v1/incidents/{incident}/acknowledge")
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")


async def test_an_edit_of_what_has_changed_is_refused(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    answer = await everyone.post(
        f"/v1/incidents/{incident}/tier",
        json={"tier": "red", "reason": "on the evening news"},
        headers={"If-Match": '"99"'},
    )
    assert answer.status_code == 409
    assert "changed since version 99" in answer.json()["detail"]


async def test_raising_the_tier(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    incident = await open_crisis(container, clock, name="raised", posts=2)
    version = (await everyone.get(f"/v1/incidents/{incident}")).headers["etag"]
    answer = await everyone.post(
        f"/v1/incidents/{incident}/tier",
        json={"tier": "red", "reason": "on the evening news"},
        headers={"If-Match": version},
    )
    assert answer.json()["tier"] == "red"
    assert answer.headers["etag"] != version


async def test_naming_the_scenario(everyone: httpx.AsyncClient, incident: str) -> None:
    answer = await everyone.post(
        f"/v1/incidents/{incident}/scenario", json={"scenario": "product_quality"}
    )
    assert answer.json()["scenario"] == "product_quality"
    run = (await everyone.get(f"/v1/runs/{incident}")).json()
    assert run["playbook"] == "product_quality"


async def test_a_comment_is_on_the_timeline(everyone: httpx.AsyncClient, incident: str) -> None:
    answer = await everyone.post(f"/v1/incidents/{incident}/comments", json={"text": "已联系工厂"})
    assert answer.status_code == 201
    assert answer.json()["timeline"][-1]["data"] == {"text": "已联系工厂"}


async def test_a_post_that_is_not_about_us(everyone: httpx.AsyncClient, incident: str) -> None:
    file = (await everyone.get(f"/v1/incidents/{incident}")).json()
    post = file["evidence"][0]["post"]
    answer = await everyone.post(f"/v1/incidents/{incident}/not-about-us", json={"post": post})
    marked = {item["post"]: item["not_about_us"] for item in answer.json()["evidence"]}
    assert marked[post] is True


async def test_a_false_positive_says_why(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    incident = await open_crisis(container, clock, name="false")
    refused = await everyone.post(f"/v1/incidents/{incident}/false-positive", json={})
    assert refused.json()["errors"][0]["path"] == "reason"
    done = await everyone.post(
        f"/v1/incidents/{incident}/false-positive", json={"reason": "a film of that name"}
    )
    assert done.json()["state"] == "false_positive"


async def test_merging_into_another(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock, incident: str
) -> None:
    other = await open_crisis(container, clock, name="merge")
    answer = await everyone.post(
        f"/v1/incidents/{other}/merge", json={"into": incident, "reason": "same batch of milk"}
    )
    assert (answer.json()["state"], answer.json()["merged_into"]) == ("merged", incident)


async def test_pages_of_the_list_and_the_queue(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    made = {await open_crisis(container, clock, name=name) for name in ("pg1", "pg2")}
    monitors = "monitor=pg1&monitor=pg2"
    for path in ("/v1/incidents", "/v1/incidents/queue"):
        first = (await everyone.get(f"{path}?{monitors}&limit=1")).json()
        cursor = first["next"]
        second = (await everyone.get(f"{path}?{monitors}&limit=1&cursor={cursor}")).json()
        assert {item["id"] for item in first["items"] + second["items"]} == made
        assert second["next"] is None
        other = await everyone.get(f"{path}?limit=1&cursor={cursor}")
        assert other.json()["code"] == "bad_cursor"


async def test_a_step_done_skipped_and_taken_back(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    steps = f"/v1/runs/{incident}/steps/first_response"

    async def state(verb: str, body: dict[str, str] | None = None) -> tuple[str, str | None]:
        answer = await everyone.post(f"{steps}/{verb}", json=body)
        assert answer.status_code == 200, answer.text
        [step] = [item for item in answer.json()["steps"] if item["id"] == "first_response"]
        return step["state"], step["note"]

    assert await state("done", {"note": "answered under the post"}) == (
        "done",
        "answered under the post",
    )
    assert (await state("reopen"))[0] in {"pending", "breached"}
    assert await state("skip", {"reason": "the post is gone"}) == ("skipped", "the post is gone")


async def test_a_step_that_is_not_there(everyone: httpx.AsyncClient, incident: str) -> None:
    answer = await everyone.post(f"/v1/runs/{incident}/steps/fly/done", json={})
    assert answer.status_code == 404
    assert "first_response" in answer.json()["detail"]


async def test_the_risk_is_the_sum_of_its_parts_then_and_now(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    answer = (await everyone.get(f"/v1/incidents/{incident}/explanation")).json()
    then = answer["tiers"][0]["explanation"]["risk"]
    assert then["score"] > 30
    monitor = (await everyone.get(f"/v1/incidents/{incident}")).json()["monitor"]
    now = (await everyone.get(f"/v1/monitors/{monitor}/risk")).json()
    assert now["monitor"] == monitor
    assert now["score"] == max(one["score"] for one in now["segments"]) > 30
    for one in (then, *now["segments"]):
        assert one["score"] == pytest.approx(sum(part["points"] for part in one["parts"]))
        assert sum(part["weight"] for part in one["parts"]) == 100


async def test_a_monitor_without_a_post_is_at_no_risk(everyone: httpx.AsyncClient) -> None:
    await everyone.put("/v1/monitors/silent", json={"name": "静", "query": "无人提起的词"})
    now = (await everyone.get("/v1/monitors/silent/risk")).json()
    assert (now["score"], now["segments"]) == (0.0, [])
    assert (await everyone.get("/v1/monitors/nobody/risk")).status_code == 404
