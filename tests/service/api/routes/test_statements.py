"""Statements over HTTP: from the draft to the promise that is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.auth import Role
from service.bootstrap import Container
from tests.service.api.caller import client_as, person_as
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMISING = "我们正在核实这件事，对不起。同批次产品全额退款。"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lead(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await person_as(app, container, "anna", Role.LEAD) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def second(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await person_as(app, container, "ting", Role.LEAD) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def legal(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await person_as(app, container, "du", Role.LEGAL) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def responder(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.RESPONDER) as client:
        yield client


async def drafted(
    client: httpx.AsyncClient, incident: str, clock: SteppingClock, **body: Any
) -> Any:
    clock.step(seconds=1)
    wanted = {"title": "说明", "text": "我们正在核实，对不起。", "emotion": "angry", **body}
    answer = await client.post(f"/v1/incidents/{incident}/statements", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_from_the_draft_to_the_promise_kept(
    responder: httpx.AsyncClient,
    lead: httpx.AsyncClient,
    legal: httpx.AsyncClient,
    second: httpx.AsyncClient,
    everyone: httpx.AsyncClient,
    incident: str,
    clock: SteppingClock,
) -> None:
    made = await drafted(responder, incident, clock, text=PROMISING)
    path = f"/v1/statements/{made['id']}"
    assert made["wording"]["findings"][0]["code"] == "promise"
    assert made["advice"]["register"]["id"] == "owning"
    (promise,) = made["ledger"]

    submitted = await responder.post(f"{path}/submit", headers={"If-Match": '"1"'})
    assert (submitted.status_code, submitted.headers["ETag"]) == (200, '"2"')
    refused = await lead.post(f"{path}/approve", json={"as": "lead"})
    assert refused.status_code == 409
    assert [item["path"] for item in refused.json()["errors"]] == [
        f"promises.{promise['id']}.owner",
        f"promises.{promise['id']}.due_at",
    ]

    due = clock.now().replace(year=clock.now().year + 1).isoformat()
    assigned = await responder.patch(
        f"/v1/promises/{promise['id']}", json={"owner": "service", "due_at": due}
    )
    assert (assigned.status_code, assigned.json()["owner"]) == (200, "service")
    program = await everyone.post(f"{path}/approve", json={"as": "lead"})
    assert (program.status_code, program.json()["code"]) == (403, "forbidden")
    for client, capacity in ((lead, "lead"), (legal, "legal"), (second, "lead")):
        file = (await lead.get(path)).json()
        if file["state"] == "approved":
            break
        answer = await client.post(f"{path}/approve", json={"as": capacity})
        assert answer.status_code == 200, answer.text

    body = {"place": "官网", "url": "https://shanlan.example/1"}
    published = await responder.post(f"{path}/publish", json=body)
    assert published.json()["state"] == "published", published.text
    kept = await responder.post(f"/v1/promises/{promise['id']}/keep", json={"evidence": "退款单"})
    assert kept.json()["state"] == "kept"
    listed = (await lead.get("/v1/promises", params={"state": "kept"})).json()["items"]
    assert [item["id"] for item in listed] == [promise["id"]]
    one = await lead.get(f"/v1/promises/{promise['id']}")
    assert one.json()["evidence"] == "退款单"


async def test_an_old_version_is_told_what_changed(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    made = await drafted(responder, incident, clock)
    path = f"/v1/statements/{made['id']}"

    first = await responder.put(
        path, json={"text": "一。", "note": "短"}, headers={"If-Match": '"1"'}
    )
    second = await responder.put(path, json={"text": "二。"}, headers={"If-Match": '"1"'})

    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    assert second.status_code == 409
    assert "wording 2 is by" in second.json()["detail"]


async def test_wordings_and_what_changed(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    made = await drafted(responder, incident, clock)
    path = f"/v1/statements/{made['id']}"
    facts = [{"text": "38 例", "source": "工单系统"}]
    await responder.put(path, json={"text": "我们正在调查，对不起。", "facts": facts})

    versions = (await responder.get(f"{path}/versions")).json()["items"]
    changed = (await responder.get(f"{path}/diff")).json()

    assert [item["number"] for item in versions] == [1, 2]
    assert versions[1]["facts"] == facts
    assert (changed["from"], changed["to"]) == (1, 2)
    pieces = [(p["before"], p["after"]) for p in changed["pieces"] if p["op"] != "equal"]
    assert pieces == [("核实", "调查")]
    assert (await responder.get(f"{path}/diff?from=1&to=7")).status_code == 404


async def test_a_trial_and_the_way_back(
    responder: httpx.AsyncClient, lead: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    made = await drafted(responder, incident, clock)
    path = f"/v1/statements/{made['id']}"

    tried = await responder.post(f"{path}/lint", json={"text": "对不起，绝对安全。"})
    await responder.post(f"{path}/submit")
    back = await lead.post(f"{path}/send-back", json={"reason": "先问家属"})
    gone = await lead.post(f"{path}/withdraw", json={"reason": "重写"})

    assert "absolute_claim" in {item["code"] for item in tried.json()["findings"]}
    assert (back.json()["state"], gone.json()["state"]) == ("draft", "withdrawn")
    assert (await lead.post(f"{path}/submit")).json()["code"] == "illegal_transition"


async def test_lists_page_by_cursor(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    for number in range(3):
        await drafted(responder, incident, clock, title=f"第{number}份")
    path = f"/v1/incidents/{incident}/statements?limit=2"

    first = (await responder.get(path)).json()
    second = (await responder.get(path, params={"limit": 2, "cursor": first["next"]})).json()
    everywhere = (await responder.get("/v1/statements?kind=update&limit=1")).json()
    ledger = (await responder.get("/v1/promises?sort=newest&limit=1")).json()

    assert len(first["items"]) == 2
    assert {item["id"] for item in first["items"]}.isdisjoint(i["id"] for i in second["items"])
    assert everywhere["next"] is not None
    assert len(ledger["items"]) == 1
    wrong = await responder.get("/v1/statements", params={"cursor": first["next"]})
    assert wrong.json()["code"] == "bad_cursor"


async def test_a_draft_is_made_once_for_a_key(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    clock.step(seconds=1)
    path, body = f"/v1/incidents/{incident}/statements", {"title": "once", "text": "好。"}
    headers = {"Idempotency-Key": "statement-once"}

    first = await responder.post(path, json=body, headers=headers)
    clock.step(seconds=1)
    second = await responder.post(path, json=body, headers=headers)

    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json()["id"] == first.json()["id"]


async def test_export_and_advice(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    made = await drafted(responder, incident, clock, text="<b>对不起。</b>")
    path = f"/v1/statements/{made['id']}/export"

    page, data = await responder.get(path), await responder.get(path, params={"format": "json"})
    advice = await responder.get(
        f"/v1/incidents/{incident}/statements/advice?emotion=fear&intensity=strong"
    )

    assert page.headers["content-type"].startswith("text/html")
    assert "attachment" in page.headers["content-disposition"]
    assert "&lt;b&gt;" in page.text
    assert [item["number"] for item in data.json()["versions"]] == [1]
    assert advice.json()["advice"]["register"]["id"] == "steadying"


async def test_the_shipped_encoder_or_its_absence_is_told(
    responder: httpx.AsyncClient, incident: str, clock: SteppingClock
) -> None:
    made = await drafted(responder, incident, clock, text="国家级配方，对不起。")

    findings = {item["code"] for item in made["wording"]["findings"]}
    assert "absolute_claim" in findings
    assert made["wording"]["degraded"] in ([], ["tone"])
