"""The canary in virtual time: it walks the whole line, leaves no trace, is missed when stuck."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import VirtualClock
from service.coverage import CANARY
from service.coverage.canary import CanaryHealth, CanaryState, read_canary
from service.coverage.lag import Stage, measure
from service.db import tables
from service.jobs import Job, advance
from service.monitors import ChannelDraft, ChannelKind, MonitorDraft
from service.posts.filters import PageRequest
from service.stores import FacetField, PostQuery
from tests.e2e.line import rows, running

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LOOKING = ("backtest", "drill-preparation")
"""They look every second for what people may have ordered, and no canary passes by them: half an
hour of that is a minute of the machine's time."""


@dataclass(frozen=True)
class Scene:
    container: Container
    clock: VirtualClock

    def jobs(self, *without: str) -> Sequence[Job]:
        """The whole service, less the jobs of those names."""
        container = self.container
        every = (container.crawl, *container.line, *container.upkeep)
        return [job for job in every if job.name not in without]

    async def run(self, *without: str, minutes: float) -> None:
        """Every job but those and the ones that only look."""
        until = self.clock.now() + timedelta(minutes=minutes)
        await advance(self.clock, self.jobs(*without, *LOOKING), until)

    async def run_whole(self, *, minutes: float) -> None:
        """Every job there is, second by second."""
        await advance(self.clock, self.jobs(), self.clock.now() + timedelta(minutes=minutes))

    async def state(self) -> CanaryState:
        async with self.container.database.read() as connection:
            return await read_canary(connection)

    async def health(self) -> CanaryHealth:
        return (await self.state()).health(self.clock.now())


@asynccontextmanager
async def scene(folder: Path, *, canary: bool = True) -> AsyncIterator[Scene]:
    clock = VirtualClock(START)
    async with running(
        folder, clock=clock, FENGSUI_ENCODER="lexical", FENGSUI_CANARY=str(canary)
    ) as container:
        # Everything that people could have: a monitor of every post, a channel of every event.
        await container.monitors.put(SYSTEM, MonitorDraft(id="all", name="全部", query="*"))
        await container.channels.put(
            SYSTEM, ChannelDraft(id="duty", kind=ChannelKind.RECORDING, name="值班")
        )
        yield Scene(container, clock)


async def test_it_arrives_every_few_minutes_and_nobody_hears_of_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        assert await live.health() is CanaryHealth.UNKNOWN
        await live.run(minutes=33)
        state = await live.state()
        assert state.health(live.clock.now()) is CanaryHealth.OK
        assert state.set_out_at is not None
        assert live.clock.now() - state.set_out_at < timedelta(minutes=7)
        assert (state.arrived_at or START) - state.set_out_at < timedelta(minutes=2)

        heard = {row.message.type.value for row in live.container.recorder.sent}
        assert "service.canary" not in heard
        assert not any(row.startswith("incident.") for row in heard)
        assert await rows(live.container, tables.incident) == []
        assert await rows(live.container, tables.feed) == []
        assert await rows(live.container, tables.feed_hour) == []


async def test_between_two_of_them_nothing_is_left(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        await live.run_whole(minutes=3)
        store, database = live.container.store, live.container.database
        assert await store.count(PostQuery()) == 0
        assert await store.count(PostQuery(monitors=("all",))) == 0
        told = await rows(live.container, tables.outbox)
        assert [row for row in told if row.type == "service.canary"] == []
        assert [
            row for row in await rows(live.container, tables.delivery) if row.channel_id == CANARY
        ] == []
        lag = await measure(database, store, since=START)
        assert lag.overall[Stage.FETCHED].count == 0


async def test_while_it_is_stored_it_is_in_no_list_and_in_no_monitor(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        await live.run("canary", minutes=1)
        store = live.container.store
        assert await store.count(PostQuery(sources=(CANARY,))) == 1
        page = await live.container.posts.search(PageRequest(query=PostQuery()))
        assert (page.items, page.total) == ((), 0)
        facets = await store.facets(PostQuery(), fields=(FacetField.MONITOR,))
        assert dict(facets[FacetField.MONITOR]) == {CANARY: 1}


STUCK = [
    pytest.param(("crawl",), "crawl", id="nothing is pulled"),
    pytest.param(("deliverer",), "delivery", id="nothing is sent"),
    pytest.param(("router",), "delivery", id="nothing is routed"),
]


@pytest.mark.parametrize(("without", "stuck_at"), STUCK)
async def test_a_line_that_stands_still_is_noticed_and_named(
    tmp_path: Path, without: tuple[str, ...], stuck_at: str
) -> None:
    async with scene(tmp_path) as live:
        await live.run(minutes=10)
        names = {job.name for job in live.jobs()}
        assert {*without, *LOOKING} <= names
        await live.run(*without, minutes=25)
        state = await live.state()
        assert state.health(live.clock.now()) is CanaryHealth.LATE
        assert state.stuck_at == stuck_at
        await live.run(minutes=10)
        assert await live.health() is CanaryHealth.OK


async def test_rules_that_find_nothing_are_noticed(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        canary: Any = next(job for job in live.jobs() if job.name == "canary")
        canary._asks_for_a_page = never
        await live.run(minutes=20)
        assert (await live.health(), (await live.state()).stuck_at) == (CanaryHealth.LATE, "rules")
        assert await live.container.store.count(PostQuery()) == 0


async def never(*_: Any) -> bool:
    return False


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with scene(tmp_path, canary=False) as live:
        await live.run(minutes=20)
        assert await live.health() is CanaryHealth.UNKNOWN
        assert "canary" not in {job.name for job in live.jobs()}
