"""The crawl job: the configured sources pulled when they are due, their posts ingested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog

from crawlers import (
    Cadence,
    CheckpointStore,
    Engine,
    Fetcher,
    Post,
    PostKey,
    RateLimit,
    SinkClosed,
    Source,
    kinds,
)
from service.clock import Clock
from service.coverage import CANARY, FeedJournal, Schedule
from service.db import Database
from service.db.changes import mark
from service.db.leases import Tenure
from service.errors import SchemaOutdated
from service.ingest.canary import CanarySource
from service.ingest.deletions import Deletions
from service.ingest.gate import LONGEST, StoreGate
from service.ingest.pipeline import Ingest
from service.metrics import fetch_outcomes
from service.monitors.sources import Sources
from service.stores import StoreError

_WAIT = timedelta(seconds=15)
"""Before asking again for a turn that another process has."""
_SHORTEST = timedelta(seconds=60)
"""No source is asked for news more often than this."""

log = structlog.get_logger(__name__)


class Crawl:
    """Keeps an engine over the enabled sources; builds it anew when one of them was edited.

    One process at a time pulls, since each keeps the pace towards a site by itself. While the
    store takes nothing nothing is pulled; then one source is tried, and then all.
    """

    name = "crawl"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        sources: Sources,
        checkpoints: CheckpointStore,
        fetcher: Fetcher,
        ingest: Ingest,
        deletions: Deletions,
        random: Callable[[], float],
        concurrency: int,
        tenure: Tenure,
        gate: StoreGate,
        journal: FeedJournal | None = None,
        canary: CanarySource | None = None,
    ) -> None:
        """`journal` counts every pull; `canary` is pulled beside the configured sources."""
        self._database = database
        self._clock = clock
        self._sources = sources
        self._checkpoints = checkpoints
        self._fetcher = fetcher
        self._ingest = ingest
        self._deletions = deletions
        self._random = random
        self._concurrency = concurrency
        self._tenure = tenure
        self._gate = gate
        self._not_before: datetime | None = None
        self._journal = journal
        self._canary = canary
        self._schedules: Mapping[str, Schedule] = {}
        self._mark: tuple[int, int] | None = None
        self._engine: Engine | None = None

    async def next_at(self) -> datetime | None:
        engine = await self._current()
        due = await engine.next_due()
        pause = self._gate.pause
        waits = (self._not_before, None if pause is None else pause.until)
        return None if due is None else max((due, *(at for at in waits if at is not None)))

    async def run(self, now: datetime) -> int:
        mine = await self._tenure.take()
        self._not_before = None if mine else now + _WAIT
        return await self._run(now) if mine else 0

    async def _run(self, now: datetime) -> int:
        engine = await self._current()
        was_shut = self._gate.pause is not None
        if not await self._gate.may_try():
            return 0
        reports = await engine.run_due(now, most=1 if was_shut else None)
        if self._journal is not None and reports:
            await self._journal.pulled(reports, self._schedules, now=now)
        for report in reports:
            if report.source == CANARY:
                continue
            fetch_outcomes.labels(source=report.source, outcome=report.outcome.value).inc()
            log.info(
                "crawl.pulled",
                source=report.source,
                outcome=report.outcome.value,
                posts=report.posts,
                rejected=len(report.rejected),
                reason=report.reason,
                next_due_at=report.next_due_at.isoformat(),
            )
        return len(reports)

    async def _sink(self, posts: Sequence[Post], via: str) -> None:
        with _closing():
            await self._ingest.ingest(posts, via=via)

    async def _forget(self, keys: Sequence[PostKey], via: str) -> None:
        with _closing():
            await self._deletions.note(keys, via=via)

    async def _current(self) -> Engine:
        async with self._database.read() as connection:
            current = await mark(connection, "source")
        if self._engine is None or current != self._mark:
            self._engine = await self._build()
            self._mark = current
        return self._engine

    async def _build(self) -> Engine:
        built, broken = await self._sources.build_enabled()
        for name, reason in broken.items():
            log.error("crawl.source_unusable", source=name, reason=reason)
        self._schedules = await schedules_of(self._sources)
        configured = await self._sources.every(enabled_only=True)
        intervals_s = {item.id: item.interval_s for item in configured}
        paces = {name: kind.rate_limit for name, kind in kinds().items()}
        rates = {item.id: _declared(item.settings) or paces.get(item.kind) for item in configured}
        if self._canary is not None:
            built[CANARY] = self._canary
            intervals_s[CANARY] = self._canary.interval_s
        return Engine(
            built,
            fetcher=self._fetcher,
            checkpoints=self._checkpoints,
            sink=self._sink,
            now=self._clock.now,
            random=self._random,
            cadences=_cadences(built, intervals_s, rates),
            concurrency=self._concurrency,
            is_open=self._gate.is_open,
            forget=self._forget,
        )


@contextmanager
def _closing() -> Iterator[None]:
    """Say to the engine that the store takes nothing for now."""
    try:
        yield
    except (StoreError, SchemaOutdated) as error:
        wait = timedelta(seconds=error.retry_after or LONGEST.total_seconds())
        raise SinkClosed(error.detail, retry_after=min(wait, LONGEST)) from error


async def schedules_of(sources: Sources) -> dict[str, Schedule]:
    """How every configured source is pulled, those that are switched off included."""
    return {
        item.id: Schedule(
            enabled=item.enabled,
            interval=timedelta(seconds=item.interval_s),
            since=item.updated_at,
        )
        for item in await sources.every()
    }


def _declared(settings: Mapping[str, Any]) -> RateLimit | None:
    """The pace that the settings of a declared place say; None where they say none."""
    requests, period_s = settings.get("requests"), settings.get("period_s")
    if not isinstance(requests, int) or not isinstance(period_s, int | float):
        return None
    return RateLimit(requests=requests, period=timedelta(seconds=period_s))


def _cadences(
    sources: Mapping[str, Source],
    intervals_s: Mapping[str, int],
    rates: Mapping[str, RateLimit | None],
) -> dict[str, Cadence]:
    """The interval that people set is the longest wait; a busy source is asked sooner, though never
    sooner than the pace of its kind allows."""
    cadences: dict[str, Cadence] = {}
    for name in sources:
        ceiling = timedelta(seconds=intervals_s.get(name, 300))
        rate = rates.get(name)
        pace = timedelta(0) if rate is None else rate.period / rate.requests
        floor = min(max(_SHORTEST, pace), ceiling)
        cadences[name] = Cadence(
            floor=floor, ceiling=ceiling, backoff_cap=max(ceiling, timedelta(hours=1))
        )
    return cadences
