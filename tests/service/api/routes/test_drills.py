"""Drills over HTTP: begun, read, listed, stopped, cleared; one at a time."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def begun(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/v1/drills", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/drills/{found['id']}"
    return found


async def test_a_life_of_a_drill(everyone: httpx.AsyncClient) -> None:
    drill = await begun(everyone, speed=4, hours=2)
    again = await everyone.post("/v1/drills", json={})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    read = (await everyone.get(f"/v1/drills/{drill['id']}")).json()
    assert (read["state"], read["speed"], read["sheet"]) == ("preparing", 4.0, None)

    early = await everyone.delete(f"/v1/drills/{drill['id']}/incidents")
    assert early.status_code == 409
    for _ in range(2):
        stop = await everyone.post(f"/v1/drills/{drill['id']}/stop", json={"reason": "enough"})
        assert (stop.json()["state"], stop.json()["reason"]) == ("stopped", "enough")
    cleared = await everyone.delete(f"/v1/drills/{drill['id']}/incidents")
    assert cleared.json() == {"deleted": 0}


async def test_they_are_listed_the_newest_first(everyone: httpx.AsyncClient) -> None:
    made = []
    for _ in range(3):
        drill = await begun(everyone)
        made.append(drill["id"])
        await everyone.post(f"/v1/drills/{drill['id']}/stop", json={})
    found, cursor = [], ""
    while cursor is not None:
        page = (await everyone.get(f"/v1/drills?limit=2{cursor and '&cursor=' + cursor}")).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert set(made) <= set(found)
    assert len(found) == len(set(found))


async def test_stored_posts_are_asked_for(everyone: httpx.AsyncClient) -> None:
    drill = await begun(
        everyone, **{"stream": "stored", "from": "2026-03-01T00:00:00Z", "of": "tea"}
    )
    assert drill["stream"] == "stored"
    await everyone.post(f"/v1/drills/{drill['id']}/stop", json={})


@pytest.mark.parametrize(
    "body",
    [
        {"speed": 0},
        {"speed": 1e9},
        {"hours": 0},
        {"hours": 1000},
        {"stream": "mine"},
        {"of": "tea"},
        {"from": "2026-03-01T00:00:00"},
    ],
)
async def test_mistakes_are_refused(everyone: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await everyone.post("/v1/drills", json=body)).status_code == 422


async def test_what_is_not_there_is_not_found(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.get("/v1/drills/none")).status_code == 404
    assert (await everyone.post("/v1/drills/none/stop", json={})).status_code == 404


async def test_a_viewer_reads_and_begins_nothing(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/v1/drills")).status_code == 200
    assert (await viewer.post("/v1/drills", json={})).status_code == 403
