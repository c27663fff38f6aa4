"""The crawl job: the configured sources pulled when they are due, their posts ingested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from crawlers import Cadence, CheckpointStore, Engine, Fetcher, Post, Source
from service.clock import Clock
from service.db import Database
from service.db.changes import mark
from service.ingest.pipeline import Ingest
from service.metrics import fetch_outcomes
from service.monitors.sources import Sources

log = structlog.get_logger(__name__)


class Crawl:
    """Keeps an engine over the enabled sources; builds it anew when one of them was edited."""

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
        random: Callable[[], float],
        concurrency: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sources = sources
        self._checkpoints = checkpoints
        self._fetcher = fetcher
        self._ingest = ingest
        self._random = random
        self._concurrency = concurrency
        self._mark: tuple[int, int] | None = None
        self._engine: Engine | None = None

    async def next_at(self) -> datetime | None:
        engine = await self._current()
        return await engine.next_due()

    async def run(self, now: datetime) -> int:
        engine = await self._current()
        reports = await engine.run_due(now)
        for report in reports:
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
        await self._ingest.ingest(posts, via=via)

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
        configured = await self._sources.every(enabled_only=True)
        return Engine(
            built,
            fetcher=self._fetcher,
            checkpoints=self._checkpoints,
            sink=self._sink,
            now=self._clock.now,
            random=self._random,
            cadences=_cadences(built, {item.id: item.interval_s for item in configured}),
            concurrency=self._concurrency,
        )


def _cadences(sources: Mapping[str, Source], intervals_s: Mapping[str, int]) -> dict[str, Cadence]:
    """The interval that people set is the longest wait; a busy source is asked sooner."""
    cadences: dict[str, Cadence] = {}
    for name in sources:
        ceiling = timedelta(seconds=intervals_s.get(name, 300))
        floor = min(timedelta(seconds=60), ceiling)
        cadences[name] = Cadence(
            floor=floor, ceiling=ceiling, backoff_cap=max(ceiling, timedelta(hours=1))
        )
    return cadences
