"""Three workers on one PostgreSQL: one or another is killed, nothing stops, nothing comes twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from service.audit import verify
from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import SystemClock
from service.db import tables
from service.monitors import SourceDraft
from service.stores.post_store import PostQuery
from tests.e2e.deadlines import (
    MARGIN,
    Event,
    gave_way,
    is_at_rest,
    open_all,
    openings,
    slow,
    undisturbed,
)
from tests.e2e.killing import AT_EASE_S, WORKER, moment_to_kill, schedules, span, until
from tests.e2e.line import (
    INJURIES,
    Paged,
    add_webhook,
    environment,
    read_page,
    rows,
    running,
)
from tests.support.database import postgres_of_its_own, postgres_url
from tests.support.feed_server import FeedServer, feed_server
from tests.support.process import Lives
from tests.support.webhook_receiver import webhook_receiver

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="a SQLite file has one worker"),
    pytest.mark.timeout(480),
]

WORKERS = ("north", "south", "west")
HELD_UP = timedelta(seconds=20)
"""Longer than any deadline waits for the two that are left."""
TAKEN_OVER_S = 45.0
"""After it somebody else pulls: the lease of a puller that is dead ends after thirty seconds."""


class Fleet:
    """Workers side by side; each may be killed, and begin again under its name."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self._alive: dict[str, int] = {}

    async def begin(self, name: str) -> None:
        self._alive[name] = await asyncio.to_thread(self._lives.begin, name)

    async def kill(self, name: str) -> None:
        await asyncio.to_thread(self._lives.end, self._alive.pop(name))

    async def kill_all(self) -> None:
        for name in tuple(self._alive):
            await self.kill(name)


@pytest.mark.parametrize(("kills", "seed"), schedules(4))
async def test_any_may_be_killed(kills: int, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    clock, data = SystemClock(), tmp_path / "data"
    async with (
        postgres_of_its_own() as url,
        webhook_receiver() as receiver,
        feed_server() as morning,
        feed_server() as evening,
        running(data, clock=clock, virtual=False, FENGSUI_DATABASE_URL=url) as seen,
    ):
        await add_webhook(seen, receiver.url())
        slow(receiver, chance, 50 * kills)
        variables = environment(data, FENGSUI_DATABASE_URL=url, FENGSUI_TEST_POLL_MS="100")
        with Lives(WORKER, variables, tmp_path / "log") as lives:
            fleet = Fleet(lives)
            try:
                for name in WORKERS:
                    await fleet.begin(name)
                await add_source(seen, "morning", morning, *INJURIES[:2])
                now = clock.now()
                end = now + span(kills)
                tiers = seen.library.tiers.ids
                wanted = openings(chance, tiers, now=now, within=span(kills), a_second=1)
                await open_all(seen, wanted)
                opened_by = clock.now()
                for _ in range(kills):
                    await moment_to_kill(chance, receiver)
                    name = chance.choice(WORKERS)
                    await fleet.kill(name)
                    await asyncio.sleep(chance.choice((0.0, 0.3)))
                    await fleet.begin(name)
                async with asyncio.timeout(AT_EASE_S):
                    await until(lambda: has_posts(seen, 2))
                fallen = await puller(seen)
                await fleet.kill(fallen)
                await add_source(seen, "evening", evening, INJURIES[2])
                async with asyncio.timeout(TAKEN_OVER_S):
                    await until(lambda: has_posts(seen, 3))
                await fleet.begin(fallen)
                async with asyncio.timeout(2 * AT_EASE_S + 2 * kills):
                    await until(lambda: has_incidents(seen, len(wanted) + 1))
                    await until(lambda: is_at_rest(seen, until=end))
            finally:
                await fleet.kill_all()
        log = (tmp_path / "log").read_text(encoding="utf-8")
        timers = await rows(seen, tables.timer)
        deliveries = await rows(seen, tables.delivery)
        messages = await rows(seen, tables.outbox)
        incidents = await rows(seen, tables.incident)
        verification = await verify(seen.database)
    ideal = await undisturbed(tmp_path / "ideal", wanted, now=now, until=end + MARGIN)

    ours = {incident for _, incident, _ in ideal}
    told = Counter(
        (row.type, row.incident_id, row.data.get("step", {}).get("step"))
        for row in messages
        if row.incident_id in ours
    )
    assert [event for event, times in told.items() if times > 1] == []
    missing = {event for event, at in ideal.items() if at <= end} - told.keys()
    assert not {event for event in missing if not gave_way(event, told)}
    assert told.keys() <= ideal.keys(), "told of what never happens when nobody is killed"

    due = [row for row in timers if row.due_at <= end]
    assert {row.state for row in due} <= {"fired", "cancelled"}
    assert "timer.retry" not in log, "two workers at one incident are no failure of either"
    assert sum(row.failures for row in timers) == 0
    late = [row.late_by_s for row in due if row.state == "fired" and row.due_at > opened_by]
    assert max(late) < HELD_UP.total_seconds()

    assert Counter(row.state for row in deliveries) == {"sent": len(messages)}
    ids: dict[Event, set[str]] = defaultdict(set)
    for page in map(read_page, receiver.received):
        if page.data["incident"]["id"] in ours:
            ids[_event(page)].add(page.id)
    assert ids.keys() == told.keys()
    assert all(len(each) == 1 for each in ids.values()), "one event under two webhook-ids"
    found = [row for row in incidents if row.id not in ours]
    assert len(found) == 1, "three posts on one matter are one incident, whoever saw them"
    assert verification.ok


async def add_source(seen: Container, name: str, feed: FeedServer, *texts: str) -> None:
    """A feed with an entry for each text, pulled from now on."""
    for number, text in enumerate(texts):
        at = seen.clock.now() - timedelta(minutes=2)
        feed.publish(f"urn:{name}:{number}", text, at=at)
    draft = SourceDraft(id=name, kind="rss", name=name, settings={"url": feed.url})
    await seen.sources.put(SYSTEM, draft)


async def has_posts(seen: Container, count: int) -> bool:
    return await seen.store.count(PostQuery()) >= count


async def has_incidents(seen: Container, count: int) -> bool:
    return len(await rows(seen, tables.incident)) >= count


async def puller(seen: Container) -> str:
    """Who holds the lease on pulling."""
    async with seen.database.read() as connection:
        owner = await connection.scalar(
            select(tables.lease.c.owner).where(tables.lease.c.name == "pulling")
        )
    assert owner is not None
    return str(owner)


def _event(page: Paged) -> Event:
    return page.type, page.data["incident"]["id"], page.data.get("step", {}).get("step")
