"""The watch over the feeds: a job that notices when one goes dark, and when it is seen again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import CheckpointStore
from service.clock import Clock
from service.coverage import repository
from service.coverage.alarm import Alarms, Loss
from service.coverage.condition import (
    ALARMING,
    BLIND,
    Cause,
    Condition,
    Schedule,
    Seen,
    Sight,
    next_condition,
)
from service.coverage.feed import CANARY, Feed, Gap
from service.coverage.memory import SPAN, ArrivalMemory
from service.coverage.news import tell
from service.coverage.presence import Attendance
from service.db import Database, leases
from service.events import EventType
from service.metrics import feed_blind

EVERY = timedelta(minutes=1)
IDLE_EVERY = timedelta(hours=1)
"""Where nothing is pulled only silence can be noticed, and that is judged by the hour."""
REMIND_EVERY = timedelta(minutes=15)
"""How often the incident of a feed that stays dark is looked at again."""
SHARE_OVER = timedelta(days=7)
PRUNE_EVERY = timedelta(days=1)
KEPT = SPAN + timedelta(weeks=5)
LEASE = "coverage"
LEASE_FOR = timedelta(minutes=3)

Schedules = Callable[[], Awaitable[Mapping[str, Schedule]]]
"""Every configured source by id, with how it is pulled."""
ShutSince = Callable[[], Awaitable[datetime | None]]
"""Since when the post store takes nothing; None while it does."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A feed whose condition is about to be written."""

    feed: Feed
    after: Condition

    @property
    def lost(self) -> bool:
        return self.after.dark and not self.feed.condition.dark

    @property
    def restored(self) -> bool:
        return self.feed.condition.dark and not self.after.dark


class CoverageWatch:
    """Judges every feed each minute. One process at a time does it; restarting loses nothing."""

    name = "coverage"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        schedules: Schedules,
        checkpoints: CheckpointStore,
        alarms: Alarms,
        zone: ZoneInfo,
        owner: str,
        recorded: bool = False,
        shut_since: ShutSince | None = None,
    ) -> None:
        """`recorded` feeds are judged in a replay only: nothing more is to be expected of them."""
        self._database = database
        self._clock = clock
        self._schedules = schedules
        self._checkpoints = checkpoints
        self._alarms = alarms
        self._owner = owner
        self._recorded = recorded
        self._shut_since = shut_since
        self._attendance = Attendance(database)
        self._memory = ArrivalMemory(zone)
        self._next: datetime | None = None
        self._reminded_at: dict[str, datetime] = {}
        self._pruned_at: datetime | None = None

    async def next_at(self) -> datetime | None:
        return self._next or self._clock.now()

    async def run(self, now: datetime) -> int:
        """Judge every feed; answers how many went dark or came back."""
        self._next = now + EVERY
        if not await self._is_ours(now):
            return 0
        schedules = {
            name: schedule for name, schedule in (await self._schedules()).items() if name != CANARY
        }
        if not schedules:
            self._next = _next_hour(now)
        away = await self._attendance.look(due_at=self._next, now=now)
        shut = None if self._shut_since is None else await self._shut_since()
        if shut is not None:
            self._attendance.interrupt(now)
        async with self._database.read() as connection:
            feeds = await repository.feeds(connection)
            await self._memory.refresh(connection, now=now)
            # Gaps are read when a model is learnt, once a day: in a replay each read counts.
            learns = not self._database.is_sqlite or self._memory.is_learning_due(feeds, now=now)
            gaps = await repository.gaps_between(connection, now - SPAN, now) if learns else ()
        if missing := schedules.keys() - {feed.id for feed in feeds}:
            feeds = await self._make_known(sorted(missing), now)
        gone = [feed for feed in feeds if not feed.pushed and feed.id not in schedules]
        present = [
            feed for feed in feeds if feed not in gone and (self._recorded or not feed.is_replayed)
        ]
        if away is not None:
            await self._note_absence(present, *away)
        changes = [await self._change(feed, schedules, gaps, shut, now) for feed in present]
        await self._write(changes, gone, now)
        await self._prune(now)
        for change in changes:
            feed_blind.labels(feed=change.feed.label).set(int(change.after.dark))
        return sum(change.lost or change.restored for change in changes)

    async def _is_ours(self, now: datetime) -> bool:
        """Whether this worker watches; one process owns a SQLite file."""
        if self._database.is_sqlite:
            return True
        async with self._database.write(quiet=True) as connection:
            fence = await leases.acquire(
                connection, LEASE, owner=self._owner, now=now, ttl=LEASE_FOR
            )
        return fence is not None

    async def _make_known(self, missing: Sequence[str], now: datetime) -> tuple[Feed, ...]:
        """A source that is new becomes a feed; answers every feed."""
        async with self._database.write(quiet=True) as connection:
            for name in missing:
                await repository.make_known(connection, name, pushed=False, now=now)
            return await repository.feeds(connection)

    async def _change(
        self,
        feed: Feed,
        schedules: Mapping[str, Schedule],
        gaps: Sequence[Gap],
        shut: datetime | None,
        now: datetime,
    ) -> _Change:
        schedule = None if feed.pushed else schedules[feed.id]
        starts = [self._attendance.since, None if schedule is None else schedule.since]
        since = max((at for at in starts if at is not None), default=None)
        seen = Seen(
            schedule=schedule,
            checkpoint=None if feed.pushed else await self._checkpoints.load(feed.id),
            last_post_at=feed.last_post_at,
            silence=self._memory.silence(feed, gaps, since=since, now=now),
            watching_since=self._attendance.own_since,
            shut_since=shut,
        )
        return _Change(feed=feed, after=next_condition(feed.condition, seen, now=now))

    async def _note_absence(self, feeds: Sequence[Feed], since: datetime, until: datetime) -> None:
        """Nobody looked: of that time nothing is known, whatever the feeds did."""
        log.warning("coverage.away", since=since.isoformat(), until=until.isoformat())
        async with self._database.write(quiet=True) as connection:
            for feed in feeds:
                gap = Gap(
                    feed_id=feed.id,
                    sight=Sight.UNKNOWN,
                    detail="nobody watched: the service did not run",
                    since=max(since, feed.known_since),
                    until=until,
                )
                await repository.add_gap(connection, gap)
                self._memory.end_gap(feed.id, gap.sight, since=since, until=until)

    async def _write(self, changes: Sequence[_Change], gone: Sequence[Feed], now: datetime) -> None:
        moved = [change for change in changes if change.after != change.feed.condition]
        due = [change for change in changes if self._is_reminder_due(change, now)]
        if not moved and not due and not gone:
            return
        told = gone or due or any(change.lost or change.restored for change in moved)
        async with self._database.write(quiet=not told) as connection:
            for change in moved:
                await self._settle(connection, change, now)
            for change in due:
                await self._lose(connection, change, changes, now)
            for change in moved:
                if change.restored:
                    await self._restore(connection, change.feed, change.after, now)
            for feed in gone:
                if feed.condition.dark:
                    await self._restore(connection, feed, _gone(now), now)
                await repository.forget_feed(connection, feed.id, now=now)
        for change in due:
            self._reminded_at[change.feed.id] = now

    def _is_reminder_due(self, change: _Change, now: datetime) -> bool:
        if not change.after.dark:
            return False
        last = self._reminded_at.get(change.feed.id)
        return change.lost or last is None or now - last >= REMIND_EVERY

    async def _settle(self, connection: AsyncConnection, change: _Change, now: datetime) -> None:
        feed, after = change.feed, change.after
        await repository.save_condition(connection, feed.id, after)
        if after.sight in BLIND:
            gap = Gap(
                feed_id=feed.id,
                sight=after.sight,
                detail=after.detail,
                since=after.since,
                until=None,
            )
            await repository.open_gap(connection, gap)
        elif feed.condition.sight in BLIND:
            await repository.close_gap(connection, feed.id, until=now)
            condition = feed.condition
            self._memory.end_gap(feed.id, condition.sight, since=condition.since, until=now)
        log.info(
            "coverage.changed",
            feed=feed.id,
            before=feed.condition.sight.value,
            after=after.sight.value,
            cause=after.cause.value,
            detail=after.detail,
            dark=after.dark,
        )

    async def _lose(
        self,
        connection: AsyncConnection,
        change: _Change,
        changes: Sequence[_Change],
        now: datetime,
    ) -> None:
        posts = self._memory.posts(since=now - SHARE_OVER)
        whole = sum(posts.values())
        loss = Loss(
            feed=change.feed,
            condition=change.after,
            share=posts.get(change.feed.id, 0) / whole if whole else 0.0,
            others_seen=any(
                other.after.sight not in ALARMING for other in changes if _is_used(other)
            ),
        )
        alarm = await self._alarms.lost(connection, loss, now=now)
        if alarm.incident_id != change.feed.incident_id:
            await repository.note_incident(connection, change.feed.id, alarm.incident_id)
        if change.lost:
            await tell(
                connection, EventType.COVERAGE_LOST, change.feed, change.after, alarm, now=now
            )

    async def _restore(
        self, connection: AsyncConnection, feed: Feed, after: Condition, now: datetime
    ) -> None:
        self._reminded_at.pop(feed.id, None)
        alarm = await self._alarms.restored(connection, feed, after, now=now)
        await repository.note_incident(connection, feed.id, None)
        lasted = replace(after, since=feed.condition.since)
        await tell(connection, EventType.COVERAGE_RESTORED, feed, lasted, alarm, now=now)

    async def _prune(self, now: datetime) -> None:
        if self._pruned_at is not None and now - self._pruned_at < PRUNE_EVERY:
            return
        async with self._database.write(quiet=True) as connection:
            await repository.prune(connection, before=now - KEPT)
        self._pruned_at = now


def _gone(now: datetime) -> Condition:
    return Condition(
        sight=Sight.PAUSED, since=now, cause=Cause.SWITCHED_OFF, detail="the source was deleted"
    )


def _is_used(change: _Change) -> bool:
    return change.after.sight not in (Sight.PAUSED, Sight.UNKNOWN)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
