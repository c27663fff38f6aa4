"""Back-fill of a source: what it published between two instants, page by page, with progress.

It has a cursor of its own, so that reading what is new neither waits for it nor is set back. Each
page is stored before the next one is asked for; a restart goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from crawlers import (
    Backfills,
    BadSettings,
    Blocked,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Post,
    SchemaDrift,
    Source,
    UnknownKind,
)
from service.audit import record
from service.auth import Action, Principal, Resource, Undecipherable
from service.clock import Clock
from service.db import Database
from service.db.leases import Tenure
from service.errors import Conflict, InvalidInput, NotFound
from service.ingest import past as repository
from service.ingest.gate import StoreGate
from service.ingest.past import PastRead, PastState, ended
from service.ingest.pipeline import Ingest
from service.monitors.sources import Sources
from service.stores.post_store import PostChange

PAGE_EVERY = timedelta(seconds=5)
"""Between two pages: what is new is read in between."""
MOST_PAGES = 2_000
MOST_FAILURES = 6
_BACKOFF = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_WAIT = timedelta(seconds=15)
_PULL_SECONDS = 120.0

log = structlog.get_logger(__name__)


class _SwitchedOff(Exception):
    """Whoever pauses a source wants its site to be left alone, its past included."""


class SourceBackfill:
    """A job, and the desk where people ask for it."""

    name = "source_backfill"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        sources: Sources,
        fetcher: Fetcher,
        ingest: Ingest,
        gate: StoreGate,
        tenure: Tenure,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sources = sources
        self._fetcher = fetcher
        self._ingest = ingest
        self._gate = gate
        self._tenure = tenure
        self._not_before: datetime | None = None

    async def begin(
        self, actor: Principal, source_id: str, *, since: datetime, until: datetime | None = None
    ) -> PastRead:
        """Ask for what the source published in [since, until); `until` of None is now.

        Raises Forbidden, NotFound, InvalidInput, and Conflict while one is running.
        """
        actor.require(Action.EDIT, Resource.SOURCE)
        now = self._clock.now()
        until = now if until is None else until
        if not since < until <= now:
            raise InvalidInput(
                "a back-fill goes from an instant to a later one that is not in the future",
                errors=[("since", "must lie before `until`, and that not after now")],
            )
        source = await self._built(source_id)
        past = PastRead(
            source_id=source_id,
            state=PastState.RUNNING,
            since=since,
            until=until,
            cursor=source.cursor_at(since) if isinstance(source, Backfills) else None,
            requested_by=actor.id,
            requested_at=now,
            updated_at=now,
            due_at=now,
        )
        async with self._database.write() as connection:
            known = await repository.find(connection, source_id)
            if known is not None and known.state is PastState.RUNNING:
                since_when = f"{known.requested_at:%Y-%m-%d %H:%M} UTC"
                raise Conflict(
                    f"source {source_id} is being back-filled since {since_when}; stop that first, "
                    "or wait until it is done"
                )
            await repository.put(connection, past)
            await record(
                connection,
                at=now,
                actor=actor.id,
                action="source.backfill_begun",
                subject_type="source",
                subject_id=source_id,
                data={"since": since.isoformat(), "until": until.isoformat()},
            )
        return past

    async def stop(self, actor: Principal, source_id: str) -> PastRead:
        """Let it be; what was stored stays. Raises Forbidden, NotFound, Conflict."""
        actor.require(Action.EDIT, Resource.SOURCE)
        now = self._clock.now()
        async with self._database.write() as connection:
            known = await self._found(source_id, await repository.find(connection, source_id))
            after = ended(known, PastState.STOPPED, reason=f"by {actor.id}", now=now)
            if not await repository.keep(connection, known, after):
                raise Conflict(f"the back-fill of source {source_id} is {known.state.value}")
            await record(
                connection,
                at=now,
                actor=actor.id,
                action="source.backfill_stopped",
                subject_type="source",
                subject_id=source_id,
                data={"share": round(known.share, 3)},
            )
        return after

    async def progress(self, source_id: str) -> PastRead:
        """The last back-fill of a source. Raises NotFound."""
        async with self._database.read() as connection:
            return await self._found(source_id, await repository.find(connection, source_id))

    async def next_at(self) -> datetime | None:
        async with self._database.read() as connection:
            due = await repository.earliest(connection)
        pause = self._gate.pause
        waits = (self._not_before, None if pause is None else pause.until)
        return None if due is None else max((due, *(at for at in waits if at is not None)))

    async def run(self, now: datetime) -> int:
        """One page of each back-fill that is due; answers how many pages came."""
        if not self._gate.is_open():
            return 0
        pages = 0
        mine = await self._tenure.take()
        self._not_before = None if mine else now + _WAIT
        if mine:
            async with self._database.read() as connection:
                due = await repository.due(connection, now=now)
            for item in due:
                pages += await self._page(item)
        return pages

    async def _page(self, past: PastRead) -> int:
        forward = False
        try:
            source = await self._running(past.source_id)
        except _SwitchedOff as off:
            after = ended(past, PastState.STOPPED, reason=str(off), now=self._clock.now())
        except (InvalidInput, NotFound) as error:
            after = ended(past, PastState.FAILED, reason=error.detail, now=self._clock.now())
        else:
            forward = isinstance(source, Backfills)
            result = await self._pull(source, past)
            wanted = _inside(past, result.posts) if isinstance(result, Ok) else ()
            stored = 0
            if wanted:
                report = await self._ingest.ingest(wanted, via=past.source_id, arriving=False)
                stored = report.count(PostChange.NEW)
            counted = replace(past, posts=past.posts + len(wanted), stored=past.stored + stored)
            after = step(counted, result, forward=forward, now=self._clock.now())
        async with self._database.write() as connection:
            await repository.keep(connection, past, after)
        if after.state is not PastState.RUNNING:
            log.info(
                "source_backfill.ended",
                source=past.source_id,
                state=after.state.value,
                posts=after.posts,
                reason=after.reason,
            )
        return after.pages - past.pages

    async def _pull(self, source: Source, past: PastRead) -> FetchResult:
        try:
            async with asyncio.timeout(_PULL_SECONDS):
                return await source.pull(past.cursor, self._fetcher)
        except TimeoutError:
            return Failed(reason=f"the pull took more than {_PULL_SECONDS:g} s")
        except Exception as error:  # a source of somebody else must not stop the others
            log.exception("source_backfill.source_raised", source=past.source_id)
            return Failed(reason=f"source raised {type(error).__name__}: {error}"[:300])

    async def _running(self, source_id: str) -> Source:
        if not (await self._sources.get(source_id)).enabled:
            raise _SwitchedOff(f"source {source_id} was switched off; switch it on and begin anew")
        return await self._built(source_id)

    async def _built(self, source_id: str) -> Source:
        try:
            return await self._sources.build(source_id, widest=True)
        except (BadSettings, UnknownKind, Undecipherable) as error:
            raise InvalidInput(f"source {source_id} cannot be built: {error}") from error

    @staticmethod
    async def _found(source_id: str, past: PastRead | None) -> PastRead:
        if past is None:
            raise NotFound(f"source {source_id} was never back-filled")
        return past


def step(past: PastRead, result: FetchResult, *, forward: bool, now: datetime) -> PastRead:
    """What follows from one page. `forward` says that the source goes from old to new.

    The way ends where the range does, or where the source has no more; failures are tried again
    after ever longer waits, and after MOST_FAILURES in a row no more.
    """
    if isinstance(result, Blocked | Failed | SchemaDrift):
        return _after_trouble(past, result, now=now)
    posts = result.posts if isinstance(result, Ok) else ()
    reached = _reached(past, posts, forward=forward)
    after = replace(
        past,
        cursor=dict(result.cursor),
        pages=past.pages + 1,
        reached=reached,
        share=_share(past, reached, forward=forward),
        failures=0,
        reason=None,
        updated_at=now,
        due_at=now + PAGE_EVERY,
    )
    if _has_left(past, posts, forward=forward):
        return ended(after, PastState.DONE, reason=None, now=now)
    more = isinstance(result, Ok | OkEmpty) and result.hint == timedelta(0)
    if not more or isinstance(result, NotModified):
        return ended(after, PastState.DONE, reason=_shortfall(after, forward=forward), now=now)
    if after.pages >= MOST_PAGES:
        reason = f"{MOST_PAGES} pages were read; begin another one for the rest"
        return ended(after, PastState.STOPPED, reason=reason, now=now)
    return after


def _after_trouble(
    past: PastRead, result: Blocked | Failed | SchemaDrift, *, now: datetime
) -> PastRead:
    failures = past.failures + 1
    if isinstance(result, SchemaDrift):
        reason = "drift: " + ", ".join(result.fields)
        asked = timedelta(0)
    else:
        reason, asked = result.reason, result.retry_after or timedelta(0)
    tried = replace(past, failures=failures, reason=reason, updated_at=now)
    if failures >= MOST_FAILURES:
        return ended(tried, PastState.FAILED, reason=reason, now=now)
    factor: int = 2 ** (failures - 1)
    return replace(tried, due_at=now + min(max(asked, _BACKOFF * factor), _LONGEST_WAIT))


def _inside(past: PastRead, posts: Sequence[Post]) -> tuple[Post, ...]:
    return tuple(post for post in posts if past.since <= post.published_at < past.until)


def _reached(past: PastRead, posts: Sequence[Post], *, forward: bool) -> datetime | None:
    instants = [post.published_at for post in posts]
    if past.reached is not None:
        instants.append(past.reached)
    return (max if forward else min)(instants, default=None)


def _share(past: PastRead, reached: datetime | None, *, forward: bool) -> float:
    if reached is None:
        return past.share
    behind = reached - past.since if forward else past.until - reached
    return min(1.0, max(past.share, behind / (past.until - past.since)))


def _has_left(past: PastRead, posts: Sequence[Post], *, forward: bool) -> bool:
    """Whether a whole page lies beyond the end of the range."""
    if not posts:
        return False
    if forward:
        return all(post.published_at >= past.until for post in posts)
    return all(post.published_at < past.since for post in posts)


def _shortfall(past: PastRead, *, forward: bool) -> str | None:
    """That the source ended before the range did; None where it may well have gone through."""
    if forward or (past.reached is not None and past.reached <= past.since):
        return None
    if past.reached is None:
        return "the source gives no posts of that time"
    return f"the source gives nothing older than {past.reached:%Y-%m-%d %H:%M} UTC"
