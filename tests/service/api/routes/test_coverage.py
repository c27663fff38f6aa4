"""Coverage over HTTP: feeds and objectives, lags, statements, and where else it is told."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from service.coverage import Cause, Condition, Gap, Sight, repository
from service.monitors import MonitorDraft
from tests.support.clock import START

pytestmark = pytest.mark.asyncio(loop_scope="module")

POST = {
    "source": "tieba",
    "native_id": "c1",
    "published_at": "2024-03-01T02:00:00Z",
    "text": "今天的茶不错",
    "channel": "third_party",
}


async def push(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/posts", json=POST)
    assert answer.status_code < 300, answer.text


async def darken(container: Container, feed_id: str) -> None:
    """A feed that has been blocked for an hour."""
    since = container.clock.now() - timedelta(hours=1)
    condition = Condition(
        sight=Sight.BLOCKED, since=since, cause=Cause.REFUSED, detail="HTTP 403", dark=True
    )
    async with container.database.write() as connection:
        await repository.save_condition(connection, feed_id, condition)
        await repository.open_gap(
            connection,
            Gap(feed_id=feed_id, sight=Sight.BLOCKED, detail="HTTP 403", since=since, until=None),
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dark(everyone: httpx.AsyncClient, container: Container) -> str:
    await push(everyone)
    await darken(container, "push:tieba")
    return "push:tieba"


async def test_everyone_who_reads_sources_sees_how_well_they_are_seen(
    viewer: httpx.AsyncClient, dark: str
) -> None:
    answer = (await viewer.get("/v1/coverage")).json()
    feed = next(item for item in answer["feeds"] if item["feed"] == dark)
    assert (feed["state"], feed["reason"], feed["blind"]) == ("blocked", "refused", True)
    assert (feed["sources"], feed["channels"]) == (["tieba"], ["third_party"])
    assert [gap["until"] for gap in feed["gaps"]] == [None]
    assert answer["channels"]["third_party"] == "blind"
    assert {item["objective"] for item in answer["objectives"]} == {
        "collection", "cleaning", "accuracy",
    }  # fmt: skip
    assert set(answer["lag"]) == {
        "fetched", "analysed", "stored", "cleaned", "alerted", "delivered",
    }  # fmt: skip
    assert answer["canary"]["state"] == "unknown"


async def test_a_stranger_sees_nothing(stranger: httpx.AsyncClient) -> None:
    for path in ("", "/lag", "/statement?since=2024-03-01T00:00:00Z"):
        assert (await stranger.get(f"/v1/coverage{path}")).status_code == 401


async def test_lags_are_told_by_feed_and_in_all(viewer: httpx.AsyncClient, dark: str) -> None:
    answer = (await viewer.get("/v1/coverage/lag", params={"hours": 48})).json()
    assert set(answer) == {"overall", "feeds"}
    assert set(answer["overall"]["stored"]) == {"p50", "p95", "p99", "count"}
    assert (await viewer.get("/v1/coverage/lag", params={"hours": 0})).status_code == 422


async def test_a_statement_is_made_for_a_time(viewer: httpx.AsyncClient, dark: str) -> None:
    since = (START - timedelta(hours=2)).isoformat()
    answer = (await viewer.get("/v1/coverage/statement", params={"since": since})).json()
    assert not answer["complete"]
    (source,) = [item for item in answer["sources"] if item["feed"] == dark]
    assert source["gaps"][0]["state"] == "blocked"


@pytest.mark.parametrize("hours", [0, -1, 24 * 91])
async def test_a_time_that_ends_before_it_begins_or_never_is_refused(
    viewer: httpx.AsyncClient, hours: int
) -> None:
    params = {
        "since": START.isoformat(),
        "until": (START + timedelta(hours=hours)).isoformat(),
    }
    answer = await viewer.get("/v1/coverage/statement", params=params)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "since")


async def test_every_incident_says_what_could_be_seen(
    viewer: httpx.AsyncClient, incident: str, dark: str
) -> None:
    file = (await viewer.get(f"/v1/incidents/{incident}")).json()
    assert file["coverage"]["channels"]["third_party"] == "blind"
    assert dark in {item["feed"] for item in file["coverage"]["sources"]}


async def test_a_monitor_that_lives_on_a_dark_feed_is_blind(
    viewer: httpx.AsyncClient, container: Container, everyone: httpx.AsyncClient, dark: str
) -> None:
    await container.monitors.put(SYSTEM, MonitorDraft(id="seen", name="茶", query="source:tieba"))
    before = (await viewer.get("/v1/monitors/seen")).json()["sight"]
    assert before == {"state": "seeing", "feeds": []}
    answer = await everyone.post("/v1/posts", json=POST | {"native_id": "c2"})
    assert answer.status_code < 300
    after = (await viewer.get("/v1/monitors/seen")).json()["sight"]
    assert after["state"] == "blind"
    assert [feed["feed"] for feed in after["feeds"]] == [dark]


async def test_readiness_tells_of_the_canary_and_does_not_hang_on_it(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["canary"] == "unknown"
