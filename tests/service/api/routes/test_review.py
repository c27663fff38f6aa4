"""Review over HTTP: the queue, what people do there, appeals, export and report."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.api import cursor as cursors
from service.auth import Role
from service.bootstrap import Container
from service.moderation.review import ItemFilter, Sort
from tests.service.api.caller import client_as
from tests.support.clock import SteppingClock
from tests.support.review_scene import case

pytestmark = pytest.mark.asyncio(loop_scope="module")

VERDICT = {"verdict": "block", "reason": "fraud", "note": "收款码"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reviewer(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.REVIEWER) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def expert(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.EXPERT) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.CLASSIFIER) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lead(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.LEAD) as client:
        yield client


async def file(container: Container, client: httpx.AsyncClient, name: str, **given: object) -> str:
    """File a text under a name of its own; answers the id of its item."""
    caller = str((await client.get("/v1/me")).json()["id"])
    values: dict[str, object] = {"item_id": name, "caller": caller, "text": f"{name}：加微信领红包"}
    await container.review.intake.file([case(**values | given)])
    cursor = None
    while True:
        params = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/review/items", params=params)).json()
        for item in page["items"]:
            if item["item"] == name:
                return str(item["id"])
        cursor = page["next"]


async def post(
    client: httpx.AsyncClient, review_id: str, deed: str, body: object = None, **headers: str
) -> httpx.Response:
    return await client.post(
        f"/v1/review/items/{review_id}/{deed}",
        json=body,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_one_item_has_text_labels_history_and_rubric(
    container: Container, reviewer: httpx.AsyncClient
) -> None:
    review_id = await file(container, reviewer, "one")
    answer = await reviewer.get(f"/v1/review/items/{review_id}")
    item = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert item["text"] == "one：加微信领红包"
    assert item["labels"] == [{"label": "diversion", "score": 0.6, "source": "lexicon"}]
    assert [event["kind"] for event in item["history"]] == ["filed"]
    assert {"id", "verdict", "label", "zh", "en"} == item["rubric"]["codes"][0].keys()
    assert (item["state"], item["line"], item["origin"]) == ("pending", "second", "machine")


async def test_from_claim_to_appeal(
    container: Container,
    reviewer: httpx.AsyncClient,
    expert: httpx.AsyncClient,
    gateway: httpx.AsyncClient,
) -> None:
    caller = (await gateway.get("/v1/me")).json()["id"]
    review_id = await file(container, reviewer, "life", caller=caller)
    claimed = await post(reviewer, review_id, "claim", If_Match='"1"')
    assert (claimed.status_code, claimed.json()["state"]) == (200, "claimed")
    tag = claimed.headers["ETag"]
    decided = await post(reviewer, review_id, "verdict", VERDICT, If_Match=tag)
    assert (decided.json()["verdict"], decided.json()["holder"]) == ("block", None)
    appealed = await post(gateway, review_id, "appeals", {"words": "我在提醒大家"})
    assert appealed.status_code == 201
    assert appealed.json() == {
        "review": review_id,
        "id": "life",
        "line": "third",
        "state": "pending",
        "verdict": "block",
        "appealable": False,
        "due_at": appealed.json()["due_at"],
    }
    assert (await post(reviewer, review_id, "claim")).status_code == 403
    await post(expert, review_id, "claim")
    answer = await post(expert, review_id, "verdict", {"verdict": "pass", "reason": "quoted"})
    assert (answer.json()["verdict"], answer.json()["line"]) == ("pass", "third")
    shown = (await expert.get(f"/v1/review/items/{review_id}")).json()
    assert [verdict["verdict"] for verdict in shown["verdicts"]] == ["block", "pass"]
    assert shown["appeal"]["words"] == "我在提醒大家"


async def test_a_stale_edit_says_what_changed(
    container: Container, reviewer: httpx.AsyncClient, expert: httpx.AsyncClient
) -> None:
    review_id = await file(container, reviewer, "stale")
    await post(reviewer, review_id, "claim")
    answer = await post(expert, review_id, "claim", If_Match='"1"')
    assert answer.status_code == 409
    assert "claimed by" in answer.json()["detail"]


async def test_a_verdict_sent_twice_with_one_key_is_made_once(
    container: Container, reviewer: httpx.AsyncClient
) -> None:
    review_id = await file(container, reviewer, "twice")
    await post(reviewer, review_id, "claim")
    key = {"Idempotency_Key": "verdict-1"}
    first = await post(reviewer, review_id, "verdict", VERDICT, **key)
    again = await post(reviewer, review_id, "verdict", VERDICT, **key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    refused = await post(reviewer, review_id, "verdict", VERDICT)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")


async def test_release_and_escalate(container: Container, reviewer: httpx.AsyncClient) -> None:
    review_id = await file(container, reviewer, "raise")
    await post(reviewer, review_id, "claim")
    assert (await post(reviewer, review_id, "release")).json()["state"] == "pending"
    await post(reviewer, review_id, "claim")
    raised = await post(reviewer, review_id, "escalate", {"reason": "两种读法"})
    assert raised.json()["line"] == "third"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"verdict": "maybe", "reason": "fraud"}, "verdict"),
        ({"verdict": "block", "reason": "nonsense"}, "reason"),
        ({"verdict": "block", "reason": "fraud", "labels": ["nonsense"]}, "labels"),
        ({"verdict": "block", "reason": "fraud", "colour": "red"}, "colour"),
        ({"verdict": "block"}, "reason"),
    ],
)
async def test_a_verdict_that_cannot_be_meant_is_refused_by_path(
    container: Container, reviewer: httpx.AsyncClient, body: dict[str, object], path: str
) -> None:
    review_id = await file(container, reviewer, f"bad-{path}-{len(body)}")
    await post(reviewer, review_id, "claim")
    answer = await post(reviewer, review_id, "verdict", body)
    assert answer.status_code == 422
    assert path in answer.json()["errors"][0]["path"]


@pytest.mark.parametrize("sort", ["due", "risk"])
async def test_pages_go_on_where_they_ended(
    container: Container, reviewer: httpx.AsyncClient, sort: str
) -> None:
    for number in range(3):
        await file(container, reviewer, f"{sort}-{number}", kind="advertisement")
    params = {"line": "legal", "state": "pending", "sort": sort, "limit": "2"}
    seen: list[str] = []
    while True:
        page = (await reviewer.get("/v1/review/items", params=params)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    whole = await reviewer.get(
        "/v1/review/items",
        params={"line": "legal", "state": "pending", "sort": sort, "limit": "200"},
    )
    assert seen == [item["id"] for item in whole.json()["items"]]
    assert len(seen) >= 3


async def test_a_cursor_of_another_order_is_refused(
    container: Container, reviewer: httpx.AsyncClient
) -> None:
    for number in range(2):
        await file(container, reviewer, f"cursor-{number}")
    page = (await reviewer.get("/v1/review/items", params={"limit": "1"})).json()
    answer = await reviewer.get("/v1/review/items", params={"sort": "risk", "cursor": page["next"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "place",
    [
        ["x"],
        [1, 0, "no instant", "rev_1"],
        [2, 0, "2026-03-02T00:00:00+00:00", "rev_1"],
        [1, -1, "2026-03-02T00:00:00+00:00", "rev_1"],
        [1, 0, "2026-03-02T00:00:00+00:00", ""],
        [1, 0, "2026-03-02T00:00:00+00:00", 7],
    ],
)
async def test_a_forged_place_is_refused(reviewer: httpx.AsyncClient, place: list[Any]) -> None:
    forged = cursors.encode(("review", ItemFilter(), Sort.DUE), place)
    answer = await reviewer.get("/v1/review/items", params={"cursor": forged})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_a_block_of_the_machine_is_appealed_with_its_text(
    gateway: httpx.AsyncClient, reviewer: httpx.AsyncClient
) -> None:
    body = {"text": "这个骗子让我加微信", "id": "m-1", "words": "我是受害人"}
    answer = await gateway.post("/v1/review/appeals", json=body)
    assert (answer.status_code, answer.json()["line"]) == (201, "second")
    found = await reviewer.get("/v1/review/items", params={"origin": "appeal"})
    assert [item["item"] for item in found.json()["items"]] == ["m-1"]
    again = await gateway.post("/v1/review/appeals", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


async def test_the_export_is_a_line_a_verdict(
    container: Container, reviewer: httpx.AsyncClient, lead: httpx.AsyncClient, clock: SteppingClock
) -> None:
    review_id = await file(container, reviewer, "out", text="out：加微信，电话13812345678")
    await post(reviewer, review_id, "claim")
    await post(reviewer, review_id, "verdict", VERDICT)
    clock.step(seconds=1)
    answer = await lead.get("/v1/review/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert {row["item"] for row in rows} >= {review_id}
    assert "13812345678" not in answer.text
    table = await lead.get("/v1/review/export", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) >= len(rows) + 1
    assert (await reviewer.get("/v1/review/export")).status_code == 403


async def test_the_report_has_every_part(
    container: Container, reviewer: httpx.AsyncClient, clock: SteppingClock
) -> None:
    review_id = await file(container, reviewer, "counted")
    await post(reviewer, review_id, "claim")
    await post(reviewer, review_id, "verdict", VERDICT)
    clock.step(seconds=1)
    found = (await reviewer.get("/v1/review/report")).json()
    assert found["verdicts"] >= 1
    assert found["precision"][0]["label"] == "diversion"
    assert (found["patrol"]["alarm"], found["patrol"]["reason"]) == (False, "calm")
    assert set(found["lines"]) == {"second", "third", "legal"}
    later = await reviewer.get("/v1/review/report", params={"since": clock.now().isoformat()})
    assert later.json()["verdicts"] == 0


async def test_who_is_no_reviewer_sees_nothing(
    viewer: httpx.AsyncClient, gateway: httpx.AsyncClient
) -> None:
    for client in (viewer, gateway):
        for path in ("items", "items/rev_1", "export", "report"):
            assert (await client.get(f"/v1/review/{path}")).status_code == 403, path
