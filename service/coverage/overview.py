"""Coverage for people and reports: feeds, objectives, lags and statements, read when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.clock import Clock
from service.coverage import lag, objectives, repository
from service.coverage.canary import CanaryState, read_canary
from service.coverage.feed import Feed, Gap
from service.coverage.lag import LagReport
from service.coverage.objectives import Standing
from service.coverage.repository import FeedHour
from service.coverage.statement import ChannelSight, Statement, channel_sights, state_coverage
from service.coverage.watch import Schedules
from service.db import Database
from service.errors import NotFound
from service.stores import PostStore

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything as it is now; gaps and objectives of the last day."""

    at: datetime
    feeds: tuple[Feed, ...]
    gaps: tuple[Gap, ...]
    channels: dict[str, ChannelSight]
    standing: Standing
    canary: CanaryState


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHistory:
    """A feed as it is now, with the gaps and the hours of the days before `until`, oldest first;
    hours in which nothing happened are left out."""

    feed: Feed
    since: datetime
    until: datetime
    gaps: tuple[Gap, ...]
    hours: tuple[FeedHour, ...]


class Coverage:
    """What API, console, doctor and replay ask."""

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, schedules: Schedules
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._schedules = schedules

    async def overview(self) -> Overview:
        """How well everything is seen now."""
        now = self._clock.now()
        schedules = await self._schedules()
        async with self._database.read() as connection:
            feeds = await repository.feeds(connection)
            gaps = await repository.gaps_between(connection, now - DAY, now)
            standing = await objectives.standing(
                connection, feeds=feeds, schedules=schedules, now=now
            )
            canary = await read_canary(connection)
        return Overview(
            at=now,
            feeds=feeds,
            gaps=gaps,
            channels=channel_sights(feeds),
            standing=standing,
            canary=canary,
        )

    async def history(self, feed_id: str, *, days: int = 7) -> FeedHistory:
        """What one feed brought, and when it could not be seen. Raises NotFound."""
        now = self._clock.now()
        since = now - days * DAY
        async with self._database.read() as connection:
            feed = await repository.feed(connection, feed_id)
            if feed is None:
                raise NotFound(
                    f"no feed {feed_id[:100]!r}: it was never seen, or its source was deleted"
                )
            gaps = await repository.gaps_between(connection, since, now)
            hours = await repository.hours_since(connection, since, feed_id=feed_id)
        return FeedHistory(
            feed=feed,
            since=since,
            until=now,
            gaps=tuple(gap for gap in gaps if gap.feed_id == feed_id),
            hours=hours,
        )

    async def statement(self, *, since: datetime, until: datetime | None = None) -> Statement:
        """What could be seen in [since, until); until now, unless told."""
        end = until or self._clock.now()
        async with self._database.read() as connection:
            feeds = await repository.feeds(connection, gone_too=True)
            gaps = await repository.gaps_between(connection, since, end)
        return state_coverage(feeds, gaps, since=since, until=end)

    async def lag(self, *, since: datetime | None = None) -> LagReport:
        """What each stage takes, over the last day unless told."""
        start = since or self._clock.now() - DAY
        return await lag.measure(self._database, self._store, since=start)
