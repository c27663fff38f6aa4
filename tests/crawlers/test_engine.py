from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.cadence import Cadence
from crawlers.checkpoint import Checkpoint, MemoryCheckpoints
from crawlers.engine import Engine, always
from crawlers.errors import SinkClosed
from crawlers.post import Post, PostKey
from crawlers.source import (
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Outcome,
    SchemaDrift,
    Unread,
)
from tests.support.fetching import FakeFetcher

START = datetime(2026, 1, 1, tzinfo=UTC)
POST = Post(source="s", native_id="1", published_at=START, text="退款")
OK = Ok(posts=(POST,), cursor={"at": 1})


@dataclass
class FakeSource:
    name: str
    results: list[FetchResult | Exception]
    cursors: list[Cursor | None] = field(default_factory=list)
    seconds: float = 0.0

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        self.cursors.append(cursor)
        await asyncio.sleep(self.seconds)
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if isinstance(result, Exception):
            raise result
        return result


class BrokenCheckpoints(MemoryCheckpoints):
    """Loads, and cannot save."""

    async def save(self, checkpoint: Checkpoint) -> None:
        raise OSError("disk full")


class Bench:
    """An engine over fake sources, with a clock that a test sets."""

    def __init__(
        self,
        *sources: FakeSource,
        checkpoints: MemoryCheckpoints | None = None,
        concurrency: int = 8,
        pull_seconds: float = 5.0,
        is_open: Callable[[], bool] = always,
    ) -> None:
        self.at = START
        self.stored: list[tuple[str, str]] = []
        self.forgotten: list[tuple[str, str]] = []
        self.sink_error: Exception | None = None
        self.seen: list[tuple[str, float, str]] = []
        self.checkpoints = checkpoints or MemoryCheckpoints()
        self.engine = Engine(
            {source.name: source for source in sources},
            fetcher=FakeFetcher([Failed(reason="not used")]),
            checkpoints=self.checkpoints,
            sink=self._sink,
            now=lambda: self.at,
            random=lambda: 0.5,
            observe=lambda name, value, labels: self.seen.append((name, value, labels["outcome"])),
            cadences={"b": Cadence(floor=timedelta(seconds=10), jitter=0)},
            default_cadence=Cadence(jitter=0),
            concurrency=concurrency,
            pull_seconds=pull_seconds,
            is_open=is_open,
            forget=self._forget,
        )

    async def _forget(self, keys: Sequence[PostKey], via: str) -> None:
        if self.sink_error is not None:
            raise self.sink_error
        self.forgotten += [(key.native_id, via) for key in keys]

    async def _sink(self, posts: Sequence[Post], via: str) -> None:
        if self.sink_error is not None:
            raise self.sink_error
        self.stored += [(post.native_id, via) for post in posts]

    async def checkpoint(self, name: str = "a") -> Checkpoint:
        checkpoint = await self.checkpoints.load(name)
        assert checkpoint is not None
        return checkpoint


async def test_posts_are_stored_and_then_the_cursor_moves() -> None:
    bench = Bench(FakeSource("a", [OK]))
    (report,) = await bench.engine.run_due(START)
    checkpoint = await bench.checkpoint()
    assert bench.stored == [("1", "a")]
    assert (report.outcome, report.posts, report.stored) == (Outcome.OK, 1, True)
    assert (checkpoint.cursor, checkpoint.last_ok_at) == ({"at": 1}, START)


async def test_a_sink_that_fails_leaves_the_cursor_where_it_was() -> None:
    source = FakeSource("a", [OK])
    bench = Bench(source)
    bench.sink_error = OSError("store is down")
    (report,) = await bench.engine.run_due(START)
    checkpoint = await bench.checkpoint()
    assert (report.outcome, report.stored) == (Outcome.FAILED, False)
    assert checkpoint.cursor is None
    assert checkpoint.last_reason == "sink: OSError: store is down"
    bench.sink_error = None
    bench.at = report.next_due_at
    await bench.engine.run_due(bench.at)
    assert source.cursors == [None, None]
    assert bench.stored == [("1", "a")]


async def test_a_source_that_raises_stops_no_other() -> None:
    bench = Bench(FakeSource("a", [ValueError("odd")]), FakeSource("b", [OK]))
    bad, good = await bench.engine.run_due(START)
    assert (bad.outcome, bad.reason) == (Outcome.FAILED, "source raised ValueError: odd")
    assert good.outcome is Outcome.OK


async def test_a_pull_that_takes_too_long_fails() -> None:
    bench = Bench(FakeSource("a", [OK], seconds=5), pull_seconds=0.02)
    (report,) = await bench.engine.run_due(START)
    assert (report.reason or "").startswith("time: ")
    assert bench.stored == []


async def test_a_checkpoint_that_cannot_be_saved_is_told_and_not_hammered() -> None:
    bench = Bench(FakeSource("a", [OK]), checkpoints=BrokenCheckpoints())
    (report,) = await bench.engine.run_due(START)
    assert (report.outcome, report.stored) == (Outcome.FAILED, True)
    assert await bench.engine.next_due() == report.next_due_at
    assert await bench.engine.run_due(START) == []
    assert len(await bench.engine.run_due(report.next_due_at)) == 1


async def test_only_what_is_due_is_pulled() -> None:
    bench = Bench(FakeSource("a", [OK]), FakeSource("b", [OK]))
    await bench.engine.run_due(START)
    assert await bench.engine.run_due(START) == []
    bench.at = START + timedelta(seconds=10)
    assert [report.source for report in await bench.engine.run_due(bench.at)] == ["b"]


async def test_next_due_is_the_earliest_of_all() -> None:
    bench = Bench(FakeSource("a", [OK]), FakeSource("b", [OK]))
    assert await bench.engine.next_due() == START
    await bench.engine.run_due(START)
    assert await bench.engine.next_due() == START + timedelta(seconds=10)


async def test_without_sources_nothing_is_due() -> None:
    assert await Bench().engine.next_due() is None


async def test_failures_count_up_and_a_good_pull_ends_them() -> None:
    results: list[FetchResult | Exception] = [
        Failed(reason="network"),
        SchemaDrift(fields=("items",)),
        Blocked(reason="http 429", retry_after=timedelta(hours=2)),
        OkEmpty(cursor={"at": 2}),
    ]
    bench = Bench(FakeSource("a", results))
    failures, reasons, waits = [], [], []
    for _ in range(4):
        (report,) = await bench.engine.run_due(bench.at)
        checkpoint = await bench.checkpoint()
        failures.append(checkpoint.failures)
        reasons.append(checkpoint.last_reason)
        waits.append(report.next_due_at - bench.at)
        bench.at = report.next_due_at
    assert failures == [1, 2, 3, 0]
    assert reasons == ["network", "drift: items", "http 429", None]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=2)]


async def test_not_modified_moves_the_cursor_and_quiet_sources_wait_longer() -> None:
    bench = Bench(FakeSource("a", [NotModified(cursor={"at": 3})]))
    waits = []
    for _ in range(3):
        (report,) = await bench.engine.run_due(bench.at)
        waits.append((report.next_due_at - bench.at).total_seconds())
        bench.at = report.next_due_at
    assert (await bench.checkpoint()).cursor == {"at": 3}
    assert waits == [60, 90, 135]


async def test_rejected_entries_are_told_and_do_not_hold_the_rest() -> None:
    partly = Ok(posts=(POST,), cursor={}, rejected=(("x:3", "no JSON"), ("x:4", "no JSON")))
    bench = Bench(FakeSource("a", [partly]))
    (report,) = await bench.engine.run_due(START)
    assert (report.outcome, len(report.rejected)) == (Outcome.OK, 2)
    assert report.reason == "2 rejected, first x:3: no JSON"


async def test_no_more_than_so_many_pulls_run_at_once() -> None:
    active, most = 0, 0

    class Counting(FakeSource):
        async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
            nonlocal active, most
            active += 1
            most = max(most, active)
            await asyncio.sleep(0.01)
            active -= 1
            return OK

    bench = Bench(*(Counting(f"s{number}", [OK]) for number in range(6)), concurrency=2)
    await bench.engine.run_due(START)
    assert most == 2


async def test_every_pull_is_observed_with_its_outcome() -> None:
    bench = Bench(FakeSource("a", [OK]))
    await bench.engine.run_due(START)
    assert ("crawl.posts", 1, "ok") in bench.seen


async def test_a_closed_sink_is_not_held_against_the_source() -> None:
    source = FakeSource("a", [OK])
    bench = Bench(source)
    await bench.engine.run_due(START)
    before = await bench.checkpoint()
    bench.at = before.next_due_at or START
    bench.sink_error = SinkClosed("the store is full", retry_after=timedelta(minutes=5))
    (report,) = await bench.engine.run_due(bench.at)
    assert (report.stored, report.reason) == (False, "sink closed: the store is full")
    assert await bench.checkpoint() == before
    assert await bench.engine.next_due() == bench.at + timedelta(minutes=5)
    assert await bench.engine.run_due(bench.at) == []
    bench.sink_error = None
    bench.at += timedelta(minutes=5)
    (again,) = await bench.engine.run_due(bench.at)
    assert (again.outcome, again.stored) == (Outcome.OK, True)
    assert source.cursors == [None, {"at": 1}, {"at": 1}]


async def test_while_the_sink_is_closed_nothing_is_pulled() -> None:
    source = FakeSource("a", [OK])
    bench = Bench(source, is_open=lambda: bench.sink_error is None)
    bench.sink_error = OSError("closed")
    assert await bench.engine.run_due(START) == []
    assert source.cursors == []


async def test_at_most_so_many_are_pulled_as_are_asked_for() -> None:
    bench = Bench(FakeSource("a", [OK]), FakeSource("b", [OK]))
    (report,) = await bench.engine.run_due(START, most=1)
    assert report.source == "a"


async def test_what_is_half_malformed_is_stored_and_counts_as_drift() -> None:
    misread = Ok(posts=(POST,), cursor={"at": 1}, rejected=(("row 2", "no date"),), misread=True)
    bench = Bench(FakeSource("a", [misread, misread, OK]))
    for failures in (1, 2):
        (report,) = await bench.engine.run_due(bench.at)
        checkpoint = await bench.checkpoint()
        assert (report.outcome, report.stored) == (Outcome.SCHEMA_DRIFT, True)
        assert (checkpoint.failures, checkpoint.last_ok_at) == (failures, None)
        assert checkpoint.cursor == {"at": 1}
        assert checkpoint.last_reason == "1 rejected, first row 2: no date"
        bench.at = report.next_due_at
    await bench.engine.run_due(bench.at)
    assert (await bench.checkpoint()).failures == 0
    assert len(bench.stored) == 3


async def test_what_a_source_has_no_longer_is_told_before_the_cursor_moves() -> None:
    gone = Ok(posts=(), cursor={"at": 2}, gone=(PostKey("s", "1"),))
    bench = Bench(FakeSource("a", [gone]))
    bench.sink_error = OSError("store is down")
    (report,) = await bench.engine.run_due(START)
    assert (report.stored, (await bench.checkpoint()).cursor) == (False, None)
    bench.sink_error = None
    bench.at = report.next_due_at
    await bench.engine.run_due(bench.at)
    assert bench.forgotten == [("1", "a")]
    assert (await bench.checkpoint()).cursor == {"at": 2}


async def test_what_was_passed_by_is_reported_when_the_cursor_has_moved_on() -> None:
    lost = Unread(reason="too many", since=None, until=START)
    result = Ok(posts=(POST,), cursor={"at": 2}, unread=lost)
    bench = Bench(FakeSource("a", [result]))
    (report,) = await bench.engine.run_due(START)
    assert (report.outcome, report.unread, report.reason) == (Outcome.OK, lost, "too many")
    broken = Bench(FakeSource("a", [result]), checkpoints=BrokenCheckpoints())
    (report,) = await broken.engine.run_due(START)
    assert report.unread is None
