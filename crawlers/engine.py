"""The engine: due → pull → sink → checkpoint, for all sources side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawlers.cadence import Activity, Cadence, CadenceDecision, next_due
from crawlers.checkpoint import Checkpoint, CheckpointStore
from crawlers.errors import SinkClosed
from crawlers.observation import Observe, ignore
from crawlers.post import Post, PostKey
from crawlers.source import (
    Blocked,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Outcome,
    SchemaDrift,
    Source,
    Unread,
    outcome_of,
)

log = logging.getLogger(__name__)

Sink = Callable[[Sequence[Post], str], Awaitable[None]]
"""Stores posts that came `via` a source; when it returns, they are safe.

It raises SinkClosed where the trouble is its own and lasts: then nothing is held against the
source, which is pulled again from the same cursor.
"""

Forget = Callable[[Sequence[PostKey], str], Awaitable[None]]
"""Notes that a source has posts no longer; raises as a sink does, and is asked after it."""


async def nothing(_keys: Sequence[PostKey], _via: str) -> None:
    """Forget nothing: for whoever keeps no posts."""


def always() -> bool:
    """The sink is open: for whoever has none that closes."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """What one pull came to. `stored` is False when posts came and the sink could not take them.

    `unread` is what the source passed by, told once, when the cursor has moved on.
    """

    source: str
    outcome: Outcome
    posts: int
    rejected: tuple[tuple[str, str], ...]
    reason: str | None
    stored: bool
    next_due_at: datetime
    unread: Unread | None = None


class Engine:
    """Runs sources when they are due; holds no timer of its own, a worker drives it."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        *,
        fetcher: Fetcher,
        checkpoints: CheckpointStore,
        sink: Sink,
        now: Callable[[], datetime],
        random: Callable[[], float],
        observe: Observe = ignore,
        cadences: Mapping[str, Cadence] | None = None,
        default_cadence: Cadence | None = None,
        concurrency: int = 8,
        pull_seconds: float = 120.0,
        is_open: Callable[[], bool] = always,
        forget: Forget = nothing,
    ) -> None:
        """`is_open` says whether the sink takes posts; while it does not, nothing is pulled.

        `forget` is told of posts that a source has no longer.
        """
        self._sources = sources
        self._fetcher = fetcher
        self._checkpoints = checkpoints
        self._sink = sink
        self._now = now
        self._random = random
        self._observe = observe
        self._cadences = cadences or {}
        self._default_cadence = default_cadence or Cadence()
        self._slots = asyncio.Semaphore(concurrency)
        self._pull_seconds = pull_seconds
        self._is_open = is_open
        self._forget = forget
        self._held: dict[str, datetime] = {}

    async def next_due(self) -> datetime | None:
        """Earliest instant at which a source is due; may lie in the past; None without sources."""
        now = self._now()
        return min([await self._due_at(name, now) for name in self._sources], default=None)

    async def run_due(self, now: datetime, *, most: int | None = None) -> list[PullReport]:
        """Pull every source that is due at `now`; one that fails never stops the others.

        `most` bounds how many are pulled; of more, the first ones by name.
        """
        ready = set(await self._checkpoints.due(now))
        names = [
            name
            for name in self._sources
            if self._held.get(name, now) <= now
            and (name in ready or await self._checkpoints.load(name) is None)
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run(name)) for name in names[:most]]
        reports = [task.result() for task in tasks]
        return [report for report in reports if report is not None]

    async def _due_at(self, name: str, now: datetime) -> datetime:
        checkpoint = await self._checkpoints.load(name)
        due = now if checkpoint is None else checkpoint.next_due_at or now
        # `_held` counts where a checkpoint could not be saved: without it a broken store would be
        # a busy loop against the site.
        return max(due, self._held.get(name, due))

    async def _run(self, name: str) -> PullReport | None:
        async with self._slots:
            if not self._is_open():
                return None
            checkpoint = await self._checkpoints.load(name) or Checkpoint(source=name)
            result = await self._pull(self._sources[name], checkpoint)
            try:
                sink_error = await self._store(name, result)
            except SinkClosed as closed:
                return self._put_off(name, result, closed)
            report, moved = self._settle(checkpoint, result, sink_error)
            report = await self._save(report, moved)
        self._tell(report)
        return report

    async def _pull(self, source: Source, checkpoint: Checkpoint) -> FetchResult:
        try:
            async with asyncio.timeout(self._pull_seconds):
                return await source.pull(checkpoint.cursor, self._fetcher)
        except TimeoutError:
            return Failed(reason=f"time: the pull took more than {self._pull_seconds:g} s")
        except Exception as error:  # a source of somebody else must not stop the others
            log.exception("crawl.source_raised", extra={"source": checkpoint.source})
            return Failed(reason=f"source raised {type(error).__name__}: {error}"[:500])

    async def _store(self, name: str, result: FetchResult) -> str | None:
        if not isinstance(result, Ok):
            return None
        try:
            if result.posts:
                await self._sink(result.posts, name)
            if result.gone:
                await self._forget(result.gone, name)
        except SinkClosed:
            raise
        except Exception as error:  # whatever the store does, the cursor stays and we go on
            log.exception("crawl.sink_raised", extra={"source": name})
            return f"sink: {type(error).__name__}: {error}"[:500]
        return None

    def _put_off(self, name: str, result: FetchResult, closed: SinkClosed) -> PullReport:
        """The posts are let go and come again: cursor, failures and due time stay as they were."""
        self._held[name] = self._now() + closed.retry_after
        report = PullReport(
            source=name,
            outcome=Outcome.FAILED,
            posts=len(result.posts) if isinstance(result, Ok) else 0,
            rejected=(),
            reason=f"sink closed: {closed}"[:500],
            stored=False,
            next_due_at=self._held[name],
        )
        self._tell(report)
        return report

    def _settle(
        self, checkpoint: Checkpoint, result: FetchResult, sink_error: str | None
    ) -> tuple[PullReport, Checkpoint]:
        now = self._now()
        taken = isinstance(result, Ok | OkEmpty | NotModified) and sink_error is None
        # What could be read is stored and passed; the pull counts as drift all the same.
        misread = isinstance(result, Ok) and result.misread
        good = taken and not misread
        outcome = outcome_of(result)
        if sink_error is not None:
            outcome = Outcome.FAILED
        elif misread:
            outcome = Outcome.SCHEMA_DRIFT
        reason = sink_error or _reason(result)
        failures = 0 if good else checkpoint.failures + 1
        decision = self._decide(checkpoint, result, now=now, failures=failures)
        moved = replace(
            checkpoint,
            next_due_at=decision.at,
            failures=failures,
            last_outcome=outcome,
            last_outcome_at=now,
            last_reason=reason,
        )
        if taken and isinstance(result, Ok | OkEmpty | NotModified):
            moved = replace(moved, cursor=result.cursor)
        if good:
            moved = replace(moved, last_ok_at=now)
        report = PullReport(
            source=checkpoint.source,
            outcome=outcome,
            posts=len(result.posts) if isinstance(result, Ok) else 0,
            rejected=result.rejected if isinstance(result, Ok) else (),
            reason=reason,
            stored=sink_error is None,
            next_due_at=decision.at,
            unread=result.unread if taken and isinstance(result, Ok) else None,
        )
        return report, moved

    def _decide(
        self, checkpoint: Checkpoint, result: FetchResult, *, now: datetime, failures: int
    ) -> CadenceDecision:
        previous = None
        if checkpoint.failures == 0 and checkpoint.next_due_at and checkpoint.last_outcome_at:
            previous = checkpoint.next_due_at - checkpoint.last_outcome_at
        elapsed = None if checkpoint.last_ok_at is None else now - checkpoint.last_ok_at
        posts = len(result.posts) if isinstance(result, Ok) else 0
        return next_due(
            now,
            cadence=self._cadences.get(checkpoint.source, self._default_cadence),
            random=self._random,
            activity=Activity(posts=posts, elapsed=elapsed),
            previous=previous,
            hint=result.hint if isinstance(result, Ok | OkEmpty | NotModified) else None,
            retry_after=result.retry_after if isinstance(result, Blocked | Failed) else None,
            failures=failures,
        )

    async def _save(self, report: PullReport, checkpoint: Checkpoint) -> PullReport:
        try:
            await self._checkpoints.save(checkpoint)
        except Exception as error:  # the posts are stored; they will come again and be no-ops
            log.exception("crawl.checkpoint_lost", extra={"source": checkpoint.source})
            cadence = self._cadences.get(checkpoint.source, self._default_cadence)
            held = max(report.next_due_at, self._now() + cadence.floor)
            self._held[checkpoint.source] = held
            reason = f"checkpoint not saved: {type(error).__name__}: {error}"[:500]
            return replace(
                report, outcome=Outcome.FAILED, reason=reason, next_due_at=held, unread=None
            )
        self._held.pop(checkpoint.source, None)
        return report

    def _tell(self, report: PullReport) -> None:
        labels = {"source": report.source, "outcome": report.outcome.value}
        self._observe("crawl.pull", 1, labels)
        self._observe("crawl.posts", report.posts, labels)
        self._observe("crawl.rejected", len(report.rejected), labels)
        log.info("crawl.pulled", extra={**labels, "posts": report.posts, "reason": report.reason})


def _reason(result: FetchResult) -> str | None:
    match result:
        case Blocked(reason=reason) | Failed(reason=reason):
            return reason
        case SchemaDrift(fields=fields):
            return "drift: " + ", ".join(fields)
        case Ok(unread=Unread(reason=reason)):
            return reason
        case Ok(rejected=rejected) if rejected:
            place, why = rejected[0]
            return f"{len(rejected)} rejected, first {place}: {why}"[:500]
    return None
