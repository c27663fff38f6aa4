"""Back-tests over HTTP: asked, listed, called off; mistakes refused before anything is played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from nlp.lexicon import COLUMNS

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def begun(client: httpx.AsyncClient, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/backtests", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/backtests/{found['id']}"
    return found


async def test_one_is_asked_read_and_called_off(everyone: httpx.AsyncClient) -> None:
    run = await begun(
        everyone,
        {
            "from": "2026-03-01T00:00:00Z",
            "to": "2026-03-08T00:00:00+08:00",
            "rules": [{"id": "slow_burn", "enabled": False}],
            "budget": "3/night",
        },
    )
    read = (await everyone.get(f"/v1/backtests/{run['id']}")).json()
    assert (read["state"], read["stage"], read["result"]) == ("queued", "queued", None)
    assert read["asked"]["to"] == "2026-03-07T16:00:00+00:00"

    for _ in range(2):
        answer = await everyone.post(f"/v1/backtests/{run['id']}/cancel")
        assert answer.json()["state"] == "cancelled"
    assert (await everyone.get("/v1/backtests/none")).status_code == 404


async def test_they_are_listed_the_newest_first(everyone: httpx.AsyncClient) -> None:
    runs = [await begun(everyone, {}) for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = (await everyone.get(f"/v1/backtests?limit=2{cursor and '&cursor=' + cursor}")).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert {run["id"] for run in runs} <= set(found)
    assert len(found) == len(set(found))
    for run in runs:
        await everyone.post(f"/v1/backtests/{run['id']}/cancel")


async def test_the_list_has_no_rows_of_a_lexicon(everyone: httpx.AsyncClient) -> None:
    header = "\t".join(COLUMNS) + "\n"
    run = await begun(everyone, {"lexicon": header})
    items = (await everyone.get("/v1/backtests")).json()["items"]

    (listed,) = [item for item in items if item["id"] == run["id"]]
    assert "lexicon" not in listed["asked"]
    one = (await everyone.get(f"/v1/backtests/{run['id']}")).json()
    assert one["asked"]["lexicon"] == header
    await everyone.post(f"/v1/backtests/{run['id']}/cancel")


async def test_too_many_are_a_conflict(everyone: httpx.AsyncClient) -> None:
    runs = [await begun(everyone, {}) for _ in range(5)]
    assert (await everyone.post("/v1/backtests", json={})).status_code == 409
    for run in runs:
        await everyone.post(f"/v1/backtests/{run['id']}/cancel")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"rules": [{"id": "slow_burn", "tier": "purple"}]}, "'purple' is none of"),
        ({"budget": "many"}, "write 3/night"),
        ({"lexicon": "id\tterm\nx\ty\n"}, "lexicon"),
        ({"from": "yesterday"}, "from"),
        ({"from": "0001-01-02T00:00:00Z"}, "in the years 1900 to 9000"),
        ({"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "ends before it begins"),
        ({"rules": [{"id": "slow_burn", "thresholds": {"negative_24h": 10**400}}]}, "no bound"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_mistakes_are_refused_at_once(
    everyone: httpx.AsyncClient, body: Mapping[str, Any], said: str
) -> None:
    answer = await everyone.post("/v1/backtests", json=body)
    assert answer.status_code == 422
    assert said in answer.text
