"""The replay itself: posts go in at their own time, jobs run when due, idle spans are jumped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.clock import SystemClock, VirtualClock
from service.ingest import Ingest
from service.jobs import Job, advance
from service.replay.stream import Stream
from service.stores.post_store import PostChange

TAIL = timedelta(days=7)
"""The clock runs on after the last post, so that every deadline of the last incident passes."""
VIA = "replay"
_SPAN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a replay is; `now` is virtual."""

    posts: int
    of: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay took: `seconds` are real ones."""

    posts: int
    stored: int
    seconds: float
    lags_s: tuple[float, ...]


class Replay:
    """Drives the service's own jobs under a virtual clock."""

    def __init__(
        self,
        *,
        clock: VirtualClock,
        ingest: Ingest,
        jobs: Sequence[Job],
        watches: Sequence[Job] = (),
        tail: timedelta = TAIL,
    ) -> None:
        """`watches` look for silence: they end with the stream, whose end is none."""
        self._clock = clock
        self._ingest = ingest
        self._jobs = tuple(jobs)
        self._watches = tuple(watches)
        self._tail = tail

    async def run(
        self, stream: Stream, *, on_progress: Callable[[Progress], None] | None = None
    ) -> ReplayResult:
        """Replay the whole stream and its tail. Deterministic: same stream, same outcome."""
        real = SystemClock()
        started = real.monotonic()
        done = stored = 0
        lags: list[float] = []
        for batch in stream.batches(span=_SPAN):
            last = batch[-1].published_at
            # Everything that falls due before these posts exist happens before them.
            await advance(self._clock, (*self._jobs, *self._watches), last)
            report = await self._ingest.ingest(batch, via=VIA)
            done += len(batch)
            stored += report.count(PostChange.NEW)
            lags.extend((self._clock.now() - post.published_at).total_seconds() for post in batch)
            if on_progress is not None:
                on_progress(Progress(posts=done, of=len(stream.posts), now=self._clock.now()))
        for watch in self._watches:
            await watch.run(self._clock.now())
        await advance(self._clock, self._jobs, stream.end + self._tail)
        return ReplayResult(
            posts=done,
            stored=stored,
            seconds=real.monotonic() - started,
            lags_s=tuple(lags),
        )
