"""A person at risk over the API: opened by a pushed post, seen by the rota and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.auth import SYSTEM, Role
from service.bootstrap import Container
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind
from tests.service.api.caller import client_as
from tests.service.api.crisis import wire_post
from tests.support.clock import SteppingClock

TEXT = "我不想活了，遗书写好了，就在天台"
OUTSIDERS = (Role.VIEWER, Role.LEGAL, Role.ADMIN, Role.ANALYST, Role.REVIEWER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def private(container: Container, clock: SteppingClock, everyone: httpx.AsyncClient) -> str:
    """The id of an incident that a pushed post has just opened."""
    await container.channels.put(
        SYSTEM, ChannelDraft(id="rota", kind=ChannelKind.RECORDING, name="Rota")
    )
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    post = wire_post("risk-1", text=TEXT, published_at=at)
    assert (await everyone.post("/v1/posts", json=post)).status_code == 200
    await advance(clock, container.line, clock.now() + timedelta(minutes=9))
    (item,) = (await everyone.get("/v1/incidents?kind=person_at_risk")).json()["items"]
    incident: str = item["id"]
    return incident


@pytest_asyncio.fixture(loop_scope="module")
async def rota(app: FastAPI, container: Container, private: str) -> Any:
    async with await client_as(app, container, Role.RESPONDER) as client:
        yield client


async def test_the_rota_reads_the_file_and_the_run(rota: httpx.AsyncClient, private: str) -> None:
    file = (await rota.get(f"/v1/incidents/{private}")).json()
    assert (file["kind"], file["tier"], file["scenario"]) == ("person_at_risk", "red", None)
    assert file["evidence"][0]["snapshot"]["text"] == TEXT
    run = (await rota.get(f"/v1/runs/{private}")).json()
    steps = {step["id"]: step for step in run["steps"]}
    assert run["playbook"] == "person_at_risk"
    assert steps["human_contact"]["state"] == "breached"
    assert "12356" in steps["help_offered"]["instructions"]["zh"]
    queue = (await rota.get("/v1/incidents/queue?limit=200")).json()["items"]
    assert private in [item["id"] for item in queue]


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_others_neither_see_nor_count_it(
    app: FastAPI, container: Container, private: str, role: Role
) -> None:
    async with await client_as(app, container, role) as other:
        for path in ("incidents?limit=200", "incidents?kind=person_at_risk", "incidents/queue"):
            answer = await other.get(f"/v1/{path}")
            assert private not in answer.text
        total = (await other.get("/v1/incidents/queue")).json()["total"]
        listed = (await other.get("/v1/incidents?state=new&limit=200")).json()["items"]
        assert total == len(listed)
        for path in (f"incidents/{private}", f"runs/{private}"):
            refused = await other.get(f"/v1/{path}")
            assert refused.status_code == 403
            assert "天台" not in refused.text
        for path in (f"timers?incident={private}", f"deliveries?incident={private}"):
            assert (await other.get(f"/v1/{path}")).json()["items"] == []


async def test_webhooks_carry_nothing_of_the_text(
    container: Container, rota: httpx.AsyncClient, private: str
) -> None:
    sent = [
        message.message
        for message in container.recorder.sent
        if message.message.data.get("incident", {}).get("id") == private
    ]
    kinds = {message.type.value for message in sent}
    assert {"incident.opened", "step.due_soon", "step.due"} <= kinds
    told = str([message.data for message in sent])
    assert all(word not in told for word in ("天台", "不想活", "tired", "au_"))
    assert {str(message.data["incident"]["reasons"]) for message in sent} == {"[]"}


async def test_the_trail_keeps_that_but_not_what_for_who_is_not_on_the_rota(
    app: FastAPI, container: Container, rota: httpx.AsyncClient, private: str
) -> None:
    await rota.post(f"/v1/incidents/{private}/comments", json={"text": "已打电话，没有人接"})
    path = f"/v1/audit?subject_type=incident&subject_id={private}&action=incident.comment"
    async with await client_as(app, container, Role.ADMIN) as admin:
        (row,) = (await admin.get(path)).json()["items"]
    assert (row["data"], row["subject_id"]) == ({}, private)
    async with await client_as(app, container, Role.LEAD) as lead:
        (row,) = (await lead.get(path)).json()["items"]
        assert row["data"] == {"text": "已打电话，没有人接"}
        read = (await lead.get(f"/v1/audit?subject_id={private}&action=incident.read")).json()
    assert read["items"]


async def test_an_admin_sends_no_message_of_it_again(
    app: FastAPI, container: Container, rota: httpx.AsyncClient, private: str
) -> None:
    delivery = (await rota.get(f"/v1/deliveries?incident={private}")).json()["items"][0]["id"]
    async with await client_as(app, container, Role.ADMIN) as admin:
        assert (await admin.post(f"/v1/deliveries/{delivery}/replay")).status_code == 404
    async with await client_as(app, container, Role.LEAD) as lead:
        assert (await lead.post(f"/v1/deliveries/{delivery}/replay")).status_code == 200


async def test_it_is_not_merged_with_a_crisis(
    app: FastAPI, container: Container, incident: str, private: str
) -> None:
    body = {"into": private, "reason": "同一件事"}
    async with await client_as(app, container, Role.LEAD) as lead:
        answer = await lead.post(f"/v1/incidents/{incident}/merge", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
