from __future__ import annotations

import httpx
import pytest

from service.bootstrap import Container
from service.jobs import advance
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROTA = {
    "name": "夜班",
    "layers": [{"members": ["lin"], "starts_on": "2024-02-26", "hand_over": "09:00"}],
}


async def people(everyone: httpx.AsyncClient) -> None:
    await everyone.put("/v1/channels/lin-phone", json={"kind": "recording", "name": "lin"})
    body = {"name": "Lin", "channels": [{"channel": "lin-phone"}]}
    answer = await everyone.put("/v1/contacts/lin", json=body)
    assert answer.status_code in {200, 201}, answer.text


async def test_a_contact_comes_and_goes(everyone: httpx.AsyncClient) -> None:
    await people(everyone)

    one = await everyone.get("/v1/contacts/lin")
    listed = (await everyone.get("/v1/contacts")).json()["items"]

    assert one.json()["channels"] == [{"channel": "lin-phone", "quiet": None}]
    assert one.headers["ETag"] == '"1"'
    assert "lin" in {item["id"] for item in listed}
    body = {"name": "x", "channels": [{"channel": "lin-phone"}]}
    await everyone.put("/v1/contacts/gone", json=body)
    assert (await everyone.delete("/v1/contacts/gone")).status_code == 204
    assert (await everyone.get("/v1/contacts/gone")).status_code == 404


async def test_what_is_wrong_is_named(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.put(
        "/v1/contacts/rui", json={"name": "Rui", "channels": [{"channel": "none"}]}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "channels[0]"


async def test_a_rota_says_who_is_on(everyone: httpx.AsyncClient) -> None:
    await people(everyone)
    made = await everyone.put("/v1/rotas/night", json=ROTA)
    assert made.status_code == 201, made.text

    now = (await everyone.get("/v1/rotas/night/on-duty")).json()
    early = await everyone.get(
        "/v1/rotas/night/on-duty", params={"at": "2024-02-01T00:00:00+08:00"}
    )
    found = await everyone.get(
        "/v1/rotas/night/shifts",
        params={"since": "2024-02-25T00:00:00+08:00", "until": "2024-02-28T00:00:00+08:00"},
    )

    assert now == {"person": "lin", "by": "layer", "layer": 0}
    assert early.json() == {"person": None, "by": "gap", "layer": None}
    assert [item["duty"]["person"] for item in found.json()["items"]] == [None, "lin"]
    assert len(found.json()["gaps"]) == 1
    assert (await everyone.get("/v1/rotas/none/on-duty")).status_code == 404


@pytest.mark.parametrize(
    "query", ["since=2024-03-02T00:00:00Z&until=2024-03-01T00:00:00Z", "since=1990-01-01T00:00:00Z"]
)
async def test_a_span_that_is_none_is_refused(everyone: httpx.AsyncClient, query: str) -> None:
    await people(everyone)
    await everyone.put("/v1/rotas/night", json=ROTA)

    assert (await everyone.get(f"/v1/rotas/night/shifts?{query}")).status_code == 422


async def test_duties_and_chains(everyone: httpx.AsyncClient) -> None:
    await people(everyone)
    duty = {"name": "法务", "holder": {"kind": "person", "id": "lin"}}
    assert (await everyone.put("/v1/duties/legal", json=duty)).status_code == 201
    chain = {"name": "自家", "steps": [{"notify": [{"kind": "everybody"}]}]}
    assert (await everyone.put("/v1/chains/yellow", json=chain)).status_code == 201

    listed = (await everyone.get("/v1/chains")).json()

    assert [item["id"] for item in listed["items"]] == ["yellow"]
    assert [item["id"] for item in listed["shipped"]] == ["yellow", "orange", "red"]
    assert (await everyone.get("/v1/chains/yellow")).json()["steps"][0]["wait_min"] == 0
    assert (await everyone.get("/v1/duties/legal")).json()["holder"]["id"] == "lin"
    assert [item["id"] for item in (await everyone.get("/v1/duties")).json()["items"]] == ["legal"]
    assert [item["id"] for item in (await everyone.get("/v1/rotas")).json()["items"]] <= ["night"]
    assert (await everyone.delete("/v1/chains/yellow")).status_code == 204
    assert (await everyone.delete("/v1/duties/legal")).status_code == 204


async def test_an_incident_shows_whom_it_pages(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock, incident: str
) -> None:
    await advance(clock, container.line, clock.now())

    before = (await everyone.get(f"/v1/incidents/{incident}/escalation")).json()
    await everyone.post(f"/v1/incidents/{incident}/acknowledge")
    after = (await everyone.get(f"/v1/incidents/{incident}/escalation")).json()

    assert before["escalations"][0]["state"] == "running"
    assert before["next_page_at"] is not None
    assert before["lease_until"] is None
    assert after["escalations"][0]["state"] == "held"
    assert after["next_page_at"] is None
    assert after["lease_until"] is not None
    assert (await everyone.get(f"/v1/incidents/{incident}")).json()["reached_nobody"] is False


async def test_a_seat_that_is_not_there(everyone: httpx.AsyncClient, incident: str) -> None:
    team = (await everyone.get(f"/v1/incidents/{incident}/team")).json()
    answer = await everyone.post(f"/v1/incidents/{incident}/team/captain/accept")

    assert isinstance(team["items"], list)
    assert answer.status_code == 404


async def test_a_silence_is_made_and_ended(
    everyone: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    body = {
        "matcher": {"monitors": ["elsewhere"]},
        "reason": "首发",
        "until": "2024-03-01T12:00:00Z",
    }

    made = await everyone.post("/v1/silences", json=body)
    assert made.status_code == 201, made.text
    name = made.json()["id"]
    listed = (await viewer.get("/v1/silences", params={"over": "false"})).json()
    ended = await everyone.post(f"/v1/silences/{name}/end")

    assert name in {item["id"] for item in listed["items"]}
    assert ended.json()["ended_at"] is not None
    assert (await everyone.post(f"/v1/silences/{name}/end")).status_code == 409
    assert (await viewer.get(f"/v1/silences/{name}")).json()["reason"] == "首发"
