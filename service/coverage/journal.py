"""The journal of the feeds: every pull and every new post is counted where it happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from crawlers import PullReport, Unread
from service.coverage import repository, samples
from service.coverage.collection import GOOD, missed
from service.coverage.condition import Schedule, Sight
from service.coverage.feed import CANARY, HANDED, Feed, Gap, Passage, feed_of
from service.coverage.lag import Stage, seconds_of
from service.coverage.percentiles import counted
from service.coverage.repository import FeedHour
from service.db import Database
from service.metrics import post_lag_seconds, posts_rejected, source_last_ok

MOST_PUSHED = 500
"""Platforms of pushed posts that are watched one by one: who pushes can make up any number."""
OTHERS = "others"
SAMPLE_EVERY = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class FeedJournal:
    """Writes counts beside the line. What it cannot write is lost and logged, never in the way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pushed: set[str] = set()
        self._sampled_at: dict[str, datetime] = {}

    async def stored(self, passages: Sequence[Passage], *, via: str) -> None:
        """Count posts that were new to the store."""
        groups: dict[str, list[Passage]] = defaultdict(list)
        for passage in passages:
            if via != CANARY:
                groups[self._feed_id(via, passage.post.source)].append(passage)
        for feed_id, items in groups.items():
            try:
                await self._count_posts(feed_id, items, pushed=via in HANDED)
            except SQLAlchemyError:
                log.exception("coverage.posts_uncounted", feed=feed_id, posts=len(items))

    async def pulled(
        self,
        reports: Sequence[PullReport],
        schedules: Mapping[str, Schedule],
        *,
        now: datetime,
    ) -> None:
        """Count pulls, and those that were due since the last one and never made."""
        for report in reports:
            if report.source == CANARY:
                continue
            posts_rejected.labels(source=report.source).inc(len(report.rejected))
            if report.stored and report.outcome in GOOD:
                source_last_ok.labels(source=report.source).set(now.timestamp())
            try:
                await self._count_pull(report, schedules.get(report.source), now)
            except SQLAlchemyError:
                log.exception("coverage.pull_uncounted", feed=report.source)

    def _feed_id(self, via: str, platform: str) -> str:
        feed_id = feed_of(via, platform)
        if via in HANDED and feed_id not in self._pushed:
            if len(self._pushed) >= MOST_PUSHED:
                return feed_of(via, OTHERS)
            self._pushed.add(feed_id)
        return feed_id

    async def _count_posts(self, feed_id: str, items: Sequence[Passage], *, pushed: bool) -> None:
        at = items[-1].fetched_at
        async with self._database.write(quiet=True) as connection:
            known = await repository.feed(connection, feed_id)
            if known is None:
                await repository.make_known(connection, feed_id, pushed=pushed, now=at)
                known = await repository.feed(connection, feed_id)
            if known is None:  # deleted in this very instant
                return
            # What was published before the feed was watched is a back-fill, not an arrival.
            fresh = [item for item in items if item.post.published_at >= known.known_since]
            lags = seconds_of(fresh)
            await repository.add_hour(
                connection,
                FeedHour(
                    feed_id=feed_id,
                    hour=_hour(at),
                    posts=len(fresh),
                    lags={stage.value: counted(values) for stage, values in lags.items()},
                ),
            )
            await repository.note_posts(
                connection,
                known,
                platforms=sorted({item.post.source[:100] for item in items}),
                channels=sorted({item.post.channel.value for item in items}),
                at=at,
            )
            if self._is_sample_due(feed_id, at):
                await samples.keep(connection, feed_id, items[-1])
        self._observe(lags)

    async def _count_pull(
        self, report: PullReport, schedule: Schedule | None, now: datetime
    ) -> None:
        async with self._database.write(quiet=True) as connection:
            await repository.make_known(connection, report.source, pushed=False, now=now)
            known = await repository.feed(connection, report.source)
            await repository.add_hour(
                connection,
                FeedHour(
                    feed_id=report.source,
                    hour=_hour(now),
                    rejected=len(report.rejected),
                    due=1 + _missed(known, schedule, now),
                    collected=int(report.stored and report.outcome in GOOD),
                    outcomes={report.outcome.value: 1},
                ),
            )
            if report.unread is not None:
                gap = _gap(report.source, report.unread, known, now)
                await repository.add_gap(connection, gap)
            await repository.note_pull(connection, report.source, at=now)

    def _is_sample_due(self, feed_id: str, at: datetime) -> bool:
        last = self._sampled_at.get(feed_id)
        if last is not None and at - last < SAMPLE_EVERY:
            return False
        self._sampled_at[feed_id] = at
        return True

    @staticmethod
    def _observe(lags: Mapping[Stage, Sequence[float]]) -> None:
        for stage, values in lags.items():
            for seconds in values:
                post_lag_seconds.labels(stage=stage.value).observe(seconds)


def _gap(feed_id: str, unread: Unread, known: Feed | None, now: datetime) -> Gap:
    """What a pull passed by, as a gap; where its ends make no sense, all since the last pull."""
    before = None if known is None else known.last_pull_at or known.known_since
    since, until = unread.since or before or now, min(unread.until or now, now)
    if since >= until:
        since, until = min(before or now, now), now
    return Gap(feed_id=feed_id, sight=Sight.PARTIAL, detail=unread.reason, since=since, until=until)


def _missed(known: Feed | None, schedule: Schedule | None, now: datetime) -> int:
    if known is None or known.last_pull_at is None or schedule is None:
        return 0
    return missed(max(known.last_pull_at, schedule.since), now, schedule.interval)


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
