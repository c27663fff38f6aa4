"""An entry that somebody adds on one replica is obeyed there at once and by the others in 5 s."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.api import mount_api
from service.auth import Role
from service.bootstrap import Container, build, open_database, open_store, prepare
from service.jobs import advance
from tests.e2e.line import settings_for
from tests.service.api.caller import client_as
from tests.support.clock import SteppingClock

FOLLOWS_WITHIN = timedelta(seconds=5)
TEXT = "想玩的来幸运牛牛厅，稳赢"
ENTRY: dict[str, Any] = {
    "id": "lex_replica",
    "term": "幸运牛牛厅",
    "category": "gambling",
    "severity": 5,
    "hits": ["来幸运牛牛厅"],
    "misses": ["运气不错"],
    "reason": "advertised since noon",
}


class Replica:
    """One process's worth of the service, with a caller who may do everything."""

    def __init__(self, container: Container, client: httpx.AsyncClient) -> None:
        self.container = container
        self.client = client

    async def classified(self, *components: str) -> dict[str, Any]:
        body = {"text": TEXT, "components": list(components or ("lexicon",))}
        answer = await self.client.post("/v1/classify", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def follow(self, clock: SteppingClock) -> None:
        await advance(clock, (self.container.lexicon.follower,), clock.now() + FOLLOWS_WITHIN)


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[tuple[Replica, Replica, SteppingClock]]:
    clock = SteppingClock()
    settings = settings_for(tmp_path, FENGSUI_ENCODER="lexical")
    database, store = open_database(settings), open_store(settings)
    await prepare(database, store)
    await store.close()
    await database.close()
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            container = await build(settings, clock=clock, deliver=False)
            stack.push_async_callback(container.close)
            app = FastAPI(docs_url=None, redoc_url=None)
            mount_api(app, container)
            client = await client_as(app, container, *Role)
            made.append(Replica(container, await stack.enter_async_context(client)))
        yield made[0], made[1], clock


async def test_an_added_entry_decides_the_next_text(
    replicas: tuple[Replica, Replica, SteppingClock],
) -> None:
    here, there, clock = replicas
    before = await here.classified()
    assert (before["suggestion"], before["hits"]) == ("pass", [])

    saved = await here.client.post("/v1/lexicon/entries", json=ENTRY)
    assert saved.status_code == 201, saved.text

    after = await here.classified()
    assert after["suggestion"] == "block"
    assert [hit["term"] for hit in after["hits"]] == [ENTRY["term"]]
    assert after["versions"]["lexicon"] != before["versions"]["lexicon"]

    await there.follow(clock)
    followed = await there.classified()
    assert followed["suggestion"] == "block"
    assert followed["versions"]["lexicon"] == after["versions"]["lexicon"]


async def test_a_retired_entry_lets_the_next_text_pass(
    replicas: tuple[Replica, Replica, SteppingClock],
) -> None:
    here, there, clock = replicas
    await there.client.post("/v1/lexicon/entries", json=ENTRY)
    await here.follow(clock)
    assert (await here.classified())["hits"] != []

    gone = await there.client.delete(
        f"/v1/lexicon/entries/{ENTRY['id']}", params={"reason": "a false alarm"}
    )
    assert gone.status_code == 200, gone.text
    await here.follow(clock)
    for replica in (here, there):
        assert (await replica.classified())["hits"] == []


async def test_whole_words_and_patterns_follow_too(
    replicas: tuple[Replica, Replica, SteppingClock],
) -> None:
    here, there, clock = replicas
    before = there.container.analyzer.analyze(TEXT)
    complaint = ENTRY | {"category": "quality_defect", "severity": 3}
    await here.client.post("/v1/lexicon/entries", json=complaint)
    for replica in (here, there):
        await replica.follow(clock)
        analysis = replica.container.analyzer.analyze(TEXT)
        assert ENTRY["term"] in analysis.tokens
        assert analysis.versions["patterns"] != before.versions["patterns"]
    assert ENTRY["term"] not in before.tokens
