"""Timers, deliveries and the audit trail over HTTP."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from service.auth import Role
from service.bootstrap import Container
from service.db.tables import incident as incident_table
from tests.service.api.caller import client_as
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_timers_of_an_incident_in_due_order(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    found = (await everyone.get(f"/v1/timers?incident={incident}&limit=3")).json()
    due = [item["due_at"] for item in found["items"]]
    assert len(due) == 3
    assert due == sorted(due)
    more = (
        await everyone.get(f"/v1/timers?incident={incident}&limit=3&cursor={found['next']}")
    ).json()
    assert not {item["id"] for item in found["items"]} & {item["id"] for item in more["items"]}


async def test_one_timer(everyone: httpx.AsyncClient, incident: str) -> None:
    first = (await everyone.get(f"/v1/timers?incident={incident}")).json()["items"][0]
    assert (await everyone.get(f"/v1/timers/{first['id']}")).json() == first
    assert (await everyone.get("/v1/timers/tim_none")).status_code == 404


async def test_deliveries_and_their_log(everyone: httpx.AsyncClient, incident: str) -> None:
    found = (await everyone.get(f"/v1/deliveries?incident={incident}&limit=1")).json()
    [item] = found["items"]
    assert (item["channel"], item["state"]) == ("recording", "sent")
    one = (await everyone.get(f"/v1/deliveries/{item['id']}")).json()
    assert [attempt["outcome"] for attempt in one["log"]] == ["sent"]
    rest = await everyone.get(f"/v1/deliveries?incident={incident}&limit=1&cursor={found['next']}")
    assert rest.json()["items"][0]["id"] != item["id"]


async def test_no_dead_letters(everyone: httpx.AsyncClient, incident: str) -> None:
    found = await everyone.get(f"/v1/deliveries?incident={incident}&state=dead&channel=recording")
    assert found.json()["items"] == []


async def test_sending_again_is_audited(everyone: httpx.AsyncClient, incident: str) -> None:
    item = (await everyone.get(f"/v1/deliveries?incident={incident}")).json()["items"][-1]
    again = (await everyone.post(f"/v1/deliveries/{item['id']}/replay")).json()
    assert (again["state"], again["reason"]) == ("pending", "replayed")
    trail = (await everyone.get(f"/v1/audit?subject_id={item['id']}")).json()["items"]
    assert [entry["action"] for entry in trail] == ["delivery.replayed"]


@pytest.mark.parametrize("path", ["timers", "deliveries"])
async def test_a_cursor_of_what_is_gone(everyone: httpx.AsyncClient, path: str) -> None:
    from service.api import cursor as cursors
    from service.timers import TimerState

    scopes = {
        "timers": ("timers", None, (TimerState.PENDING,)),
        "deliveries": ("deliveries", None, None, ()),
    }
    answer = await everyone.get(f"/v1/{path}?cursor={cursors.following(scopes[path], 'gone')}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_a_person_at_risk_is_private_to_the_rota(
    app: FastAPI, container: Container, clock: SteppingClock
) -> None:
    private = await open_crisis(container, clock, name="private")
    async with container.database.write() as connection:
        await connection.execute(
            update(incident_table)
            .where(incident_table.c.id == private)
            .values(kind="person_at_risk")
        )
    async with await client_as(app, container, Role.RESPONDER) as responder:
        timer = (await responder.get(f"/v1/timers?incident={private}")).json()["items"][0]
        page = await responder.get(f"/v1/deliveries?incident={private}")
        delivery = page.json()["items"][0]
    async with await client_as(app, container, Role.ADMIN) as admin:
        assert (await admin.get(f"/v1/timers?incident={private}")).json()["items"] == []
        assert (await admin.get(f"/v1/deliveries?incident={private}")).json()["items"] == []
        for path in (f"timers/{timer['id']}", f"deliveries/{delivery['id']}"):
            assert (await admin.get(f"/v1/{path}")).status_code == 404
        for path in (f"incidents/{private}", f"runs/{private}"):
            assert (await admin.get(f"/v1/{path}")).status_code == 403
        listed = (await admin.get("/v1/incidents?limit=200")).json()["items"]
        assert private not in [item["id"] for item in listed]


async def test_the_trail_in_pages(everyone: httpx.AsyncClient, incident: str) -> None:
    await everyone.put("/v1/brands/trail", json={"name": "one"})
    await everyone.put("/v1/brands/trail", json={"name": "two"})
    url = "/v1/audit?subject_type=brand&subject_id=trail&limit=1"
    first = (await everyone.get(url)).json()
    second = (await everyone.get(f"{url}&cursor={first['next']}")).json()
    actions = [page["items"][0]["action"] for page in (first, second)]
    assert actions == ["brand.changed", "brand.created"]
    assert second["next"] is None


async def test_the_trail_holds(everyone: httpx.AsyncClient) -> None:
    answer = (await everyone.get("/v1/audit/verify")).json()
    assert (answer["ok"], answer["first_bad"]) == (True, None)
