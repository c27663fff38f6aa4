"""Many callers, one line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from nlp.batching import Batcher, Limits, LineClosed, Overloaded, Phase
from tests.support.gated_stages import Gate, GatedStages, Piece

Line = Batcher[str, str, Piece, str, str]
UNHURRIED = Limits(max_wait_s=0.0)


class Seconds:
    """A clock that a test moves; its sleepers wait until the test wakes them."""

    def __init__(self) -> None:
        self.value = 100.0
        self.slept: list[float] = []
        self._alarm = asyncio.Event()

    def now(self) -> float:
        return self.value

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self._alarm.wait()

    def wake(self) -> None:
        self._alarm.set()


@asynccontextmanager
async def running(
    stages: GatedStages,
    *,
    limits: Limits = UNHURRIED,
    observe: Callable[[str, float], None] = lambda _name, _value: None,
    seconds: Seconds | None = None,
) -> AsyncIterator[Line]:
    clock = seconds or Seconds()
    line: Line = Batcher(stages, now=clock.now, sleep=clock.sleep, observe=observe, limits=limits)
    try:
        yield line
    finally:
        stages.preparing.open()
        stages.inferring.open()
        await line.aclose()


async def until(condition: Callable[[], object]) -> None:
    """Lets others run until the condition holds."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came to that")


async def reached(gate: Gate) -> None:
    await until(gate.reached.is_set)


async def test_answers_come_in_the_order_of_the_call() -> None:
    async with running(GatedStages()) as line:
        assert await line.submit(["b:150", "a:20*3", "c:20*0"]) == ["B:150", "A:20*3", "C:20*0"]


async def test_an_empty_call_is_answered_at_once() -> None:
    stages = GatedStages()
    async with running(stages) as line:
        assert await line.submit([]) == []
    assert not stages.threads


async def test_python_has_one_thread_and_the_library_another() -> None:
    stages = GatedStages()
    async with running(stages) as line:
        await asyncio.gather(*(line.submit([f"a{place}:20"]) for place in range(5)))
    assert stages.threads == {
        "prepare": {"nlp-python_0"},
        "infer": {"nlp-infer_0"},
        "finish": {"nlp-python_0"},
    }


async def test_what_queues_while_one_runs_is_the_next_batch() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    async with running(stages) as line, asyncio.TaskGroup() as group:
        group.create_task(line.submit(["a:20"]))
        await reached(stages.inferring)
        for name in ("b:20", "c:20"):
            group.create_task(line.submit([name]))
        await until(lambda: sum(map(len, stages.prepared)) == 3)
        stages.inferring.open()
    assert stages.inferred == [["a:20"], ["b:20", "c:20"]]


async def test_one_is_finished_while_another_runs() -> None:
    stages = GatedStages()
    async with running(stages) as line, asyncio.TaskGroup() as group:
        stages.inferring.shut()
        slow = group.create_task(line.submit(["slow:20"]))
        await reached(stages.inferring)
        assert await line.submit(["known:20*0"]) == ["KNOWN:20*0"]
        assert not slow.done()
        stages.inferring.open()


async def test_the_first_of_an_idle_line_waits_for_company() -> None:
    stages, seconds = GatedStages(), Seconds()
    limits = Limits(max_wait_s=0.5)
    async with (
        running(stages, limits=limits, seconds=seconds) as line,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(line.submit(["a:20"]))
        await until(lambda: seconds.slept)
        seconds.value += 0.25
        group.create_task(line.submit(["b:20"]))
        await until(lambda: sum(map(len, stages.prepared)) == 2)
        seconds.wake()
    assert seconds.slept == [0.5]
    assert stages.inferred == [["a:20", "b:20"]]


async def test_a_call_beyond_the_bounds_is_shed_whole() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    seen: list[tuple[str, float]] = []
    limits = Limits(max_wait_s=0.0, most_items=2)
    async with (
        running(stages, limits=limits, observe=lambda *pair: seen.append(pair)) as line,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(line.submit(["a:20"]))
        await reached(stages.inferring)
        with pytest.raises(Overloaded, match="1 texts are under way") as caught:
            await line.submit(["b:20", "c:20"])
        stages.inferring.open()
    assert caught.value.retry_after_s == 1.0
    assert (Phase.SHED, 2) in seen
    assert stages.prepared == [["a:20"]]


async def test_room_comes_back_with_the_answers() -> None:
    async with running(GatedStages(), limits=Limits(max_wait_s=0.0, most_items=1)) as line:
        for name in ("a:20", "b:20"):
            assert await line.submit([name]) == [name.upper()]


async def test_a_patient_call_is_never_shed() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    limits = Limits(max_wait_s=0.0, most_items=1)
    async with running(stages, limits=limits) as line, asyncio.TaskGroup() as group:
        group.create_task(line.submit(["a:20"]))
        await reached(stages.inferring)
        names = [f"p{place}:20" for place in range(100)]
        patient = group.create_task(line.submit(names, patient=True))
        await asyncio.sleep(0)
        stages.inferring.open()
    assert patient.result() == [name.upper() for name in names]


async def test_a_cancelled_call_is_dropped_before_it_is_inferred() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    limits = Limits(max_wait_s=0.0, most_items=2)
    async with running(stages, limits=limits) as line, asyncio.TaskGroup() as group:
        group.create_task(line.submit(["a:20"]))
        await reached(stages.inferring)
        leaver = group.create_task(line.submit(["leaver:20"]))
        await until(lambda: ["leaver:20"] in stages.prepared)
        leaver.cancel()
        await asyncio.wait([leaver])
        group.create_task(line.submit(["c:20"]))
        await until(lambda: ["c:20"] in stages.prepared)
        stages.inferring.open()
    assert leaver.cancelled()
    assert stages.inferred == [["a:20"], ["c:20"]]


async def test_who_leaves_while_it_is_prepared_is_not_inferred() -> None:
    stages = GatedStages()
    stages.preparing.shut()
    async with running(stages) as line:
        leaver = asyncio.create_task(line.submit(["leaver:20"]))
        await reached(stages.preparing)
        leaver.cancel()
        await asyncio.wait([leaver])
        stages.preparing.open()
        assert await line.submit(["b:20"]) == ["B:20"]
    assert stages.inferred == [["b:20"]]


@pytest.mark.parametrize("step", ["prepare", "infer", "finish"])
async def test_a_failure_answers_only_its_caller_and_the_line_goes_on(step: str) -> None:
    stages = GatedStages()
    stages.preparing.shut()
    async with running(stages) as line:
        first = asyncio.create_task(line.submit(["first:20"]))
        await reached(stages.preparing)
        calls = [line.submit([name]) for name in ("a:20", f"bad-{step}:20", "b:20")]
        outcomes = asyncio.gather(*calls, return_exceptions=True)
        await asyncio.sleep(0)
        stages.preparing.open()
        good, bad, other = await outcomes
        assert (good, other) == (["A:20"], ["B:20"])
        assert isinstance(bad, RuntimeError)
        assert await first == ["FIRST:20"]
        assert await line.submit(["after:20"]) == ["AFTER:20"]


async def test_a_giant_does_not_hold_up_a_short_text() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    async with running(stages) as line:
        giant = asyncio.create_task(line.submit(["giant:160*700"]))
        await reached(stages.inferring)
        short = asyncio.create_task(line.submit(["short:20"]))
        await until(lambda: ["short:20"] in stages.prepared)
        stages.inferring.open()
        assert await short == ["SHORT:20"]
        assert await giant == ["GIANT:160*700"]
    assert stages.inferred.index(["short:20"]) <= 2


async def test_closing_answers_who_waits_and_refuses_who_comes() -> None:
    stages = GatedStages()
    stages.inferring.shut()
    async with running(stages) as line:
        waiting = asyncio.create_task(line.submit(["a:20"]))
        await reached(stages.inferring)
        closing = asyncio.create_task(line.aclose())
        with pytest.raises(LineClosed):
            await waiting
        stages.inferring.open()
        await closing
        with pytest.raises(LineClosed):
            await line.submit(["b:20"])
        await line.aclose()


async def test_a_line_never_used_closes() -> None:
    async with running(GatedStages()) as line:
        await line.aclose()


async def test_a_broken_line_leaves_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    def broken(name: str, _value: float) -> None:
        if name == Phase.INFER:
            raise ZeroDivisionError

    async with running(GatedStages(), observe=broken) as line:
        with pytest.raises(LineClosed, match="ZeroDivisionError"):
            await line.submit(["a:20"])
        with pytest.raises(LineClosed, match="restart"):
            await line.submit(["b:20"])
    assert "batching.line_broke" in caplog.messages


async def test_the_phases_are_observed() -> None:
    seen: dict[str, float] = {}
    async with running(GatedStages(), observe=seen.__setitem__) as line:
        await line.submit(["a:20", "b:30"])
    assert seen == {
        Phase.WAIT: 0.0,
        Phase.PREPARE: 0.0,
        Phase.INFER: 0.0,
        Phase.FINISH: 0.0,
        Phase.BATCH_PARTS: 2,
        Phase.BATCH_TOKENS: 60,
    }
