"""Feeds on a state database: a journal, a watch whose schedules a test sets, alarms that record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import Checkpoint, MemoryCheckpoints, Outcome, Post, PullReport, Unread
from service.coverage import (
    Alarm,
    Cause,
    Condition,
    CoverageWatch,
    Feed,
    FeedJournal,
    Loss,
    Passage,
    Schedule,
    Sight,
    repository,
)
from service.coverage.repository import FeedHour
from service.coverage.watch import ShutSince
from service.db import Database
from tests.support.clock import START, SteppingClock

INTERVAL = timedelta(minutes=5)
HOUR = timedelta(hours=1)
FEED = Feed(
    id="news",
    pushed=False,
    platforms=("news.example",),
    channels=("news",),
    known_since=START - timedelta(days=9),
    last_post_at=START,
    last_pull_at=START,
    condition=Condition(
        sight=Sight.OK, since=START, cause=Cause.POSTS_ARRIVE, detail="posts arrive"
    ),
)
"""A source that has been seen for nine days, and answered just now."""


@dataclass
class RecordingAlarms:
    """Keeps who was lost and who came back; the incident is always the same."""

    lost_feeds: list[Loss]
    restored_feeds: list[str]

    async def lost(self, connection: AsyncConnection, loss: Loss, *, now: datetime) -> Alarm:
        self.lost_feeds.append(loss)
        return Alarm(incident_id="inc_1", tier_rank=1)

    async def restored(
        self, connection: AsyncConnection, feed: Feed, condition: Condition, *, now: datetime
    ) -> Alarm | None:
        self.restored_feeds.append(feed.id)
        return Alarm(incident_id="inc_1", tier_rank=1)


class CoverageScene:
    """`await scene.pull("a")`, `await scene.post(1)`, `await scene.look()`."""

    def __init__(self, database: Database, clock: SteppingClock, *, owner: str = "test") -> None:
        self.database = database
        self.clock = clock
        self.schedules: dict[str, Schedule] = {}
        self.checkpoints = MemoryCheckpoints()
        self.alarms = RecordingAlarms([], [])
        self.journal = FeedJournal(database)
        self.watch = self.new_watch(owner)

    def new_watch(
        self, owner: str = "test", *, recorded: bool = True, shut_since: ShutSince | None = None
    ) -> CoverageWatch:
        """As another process would have it: remembering nothing."""
        return CoverageWatch(
            database=self.database,
            clock=self.clock,
            schedules=self.planned,
            checkpoints=self.checkpoints,
            alarms=self.alarms,
            zone=ZoneInfo("Asia/Shanghai"),
            owner=owner,
            recorded=recorded,
            shut_since=shut_since,
        )

    async def planned(self) -> Mapping[str, Schedule]:
        return dict(self.schedules)

    def source(self, name: str, *, enabled: bool = True) -> None:
        """Configure a source now."""
        self.schedules[name] = Schedule(enabled=enabled, interval=INTERVAL, since=self.clock.now())

    async def pull(
        self,
        name: str,
        outcome: Outcome = Outcome.OK,
        *,
        rejected: int = 0,
        stored: bool = True,
        unread: Unread | None = None,
    ) -> None:
        """A pull that ends now."""
        now = self.clock.now()
        good = stored and outcome in (Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED)
        known = await self.checkpoints.load(name) or Checkpoint(source=name)
        moved = replace(
            known,
            last_outcome=outcome,
            last_outcome_at=now,
            last_reason=None if good else "HTTP 403",
            failures=0 if good else known.failures + 1,
            last_ok_at=now if good else known.last_ok_at,
        )
        await self.checkpoints.save(moved)
        report = PullReport(
            source=name,
            outcome=outcome,
            posts=0,
            rejected=(("entry", "no text"),) * rejected,
            reason=None,
            stored=stored,
            next_due_at=now + INTERVAL,
            unread=unread,
        )
        await self.journal.pulled([report], self.schedules, now=now)

    def passage(self, number: int, *, source: str = "weibo", **changes: Any) -> Passage:
        """A post on its way that was published, fetched, read and stored one second apart."""
        now = self.clock.now()
        second = timedelta(seconds=1)
        post = Post(
            source=source,
            native_id=str(number),
            published_at=now,
            text=f"第{number}条",
        )
        return Passage(
            post=replace(post, **changes),
            fetched_at=now + second,
            analysed_at=now + 2 * second,
            stored_at=now + 3 * second,
        )

    async def post(self, number: int, *, via: str = "push", **changes: Any) -> Passage:
        """A post that has just been stored."""
        passage = self.passage(number, **changes)
        await self.journal.stored([passage], via=via)
        return passage

    async def look(self) -> int:
        """One run of the watch."""
        return await self.watch.run(self.clock.now())

    async def lived(
        self, feed_id: str, per_hour: Callable[[int], int], *, pushed: bool = False, days: int = 21
    ) -> None:
        """Give a feed a past: `per_hour(hours ago)` posts."""
        now = self.clock.now().replace(minute=0, second=0, microsecond=0)
        async with self.database.write() as connection:
            since = now - timedelta(days=days)
            await repository.make_known(connection, feed_id, pushed=pushed, now=since)
            for ago in range(1, days * 24):
                hour = FeedHour(feed_id=feed_id, hour=now - ago * HOUR, posts=per_hour(ago))
                await repository.add_hour(connection, hour)

    async def feed(self, feed_id: str) -> Feed:
        async with self.database.read() as connection:
            found = await repository.feed(connection, feed_id)
        assert found is not None
        return found

    async def hours(self) -> tuple[FeedHour, ...]:
        async with self.database.read() as connection:
            return await repository.hours_since(connection, self.clock.now() - 30 * HOUR)

    async def rows(self, table: Table) -> list[Mapping[str, Any]]:
        async with self.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]
