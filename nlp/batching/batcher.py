"""Dynamic micro-batching: many callers, one model, two threads.

One thread prepares and finishes (Python), the other infers (the library's own threads), so that the
next batch is made ready while one runs; the event loop only moves results. The first caller of an
idle line waits `max_wait_s` for company, a busy line not at all: what queued meanwhile is the next
batch.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from nlp.batching.attempt import finished, inferred, prepared
from nlp.batching.entry import Call, Entry
from nlp.batching.errors import LineClosed, Overloaded
from nlp.batching.limits import Limits
from nlp.batching.line import Line
from nlp.batching.packing import cost
from nlp.batching.phases import Observe, Pace, Phase, unobserved
from nlp.batching.stages import AnswerT, Failure, ItemT, OutputT, PartT, Stages, WorkT

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_CLOSED = "the line is closed: this process is stopping"


class Batcher(Generic[ItemT, WorkT, PartT, OutputT, AnswerT]):
    """Serves one event loop, that of the first `submit`."""

    def __init__(
        self,
        stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT],
        *,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        observe: Observe = unobserved,
        limits: Limits | None = None,
    ) -> None:
        """`now` in seconds, from any zero, never back; `observe` is called on the event loop."""
        self._stages = stages
        self._now = now
        self._sleep = sleep
        self._observe = observe
        self._limits = limits or Limits()
        self._line: Line[Entry[ItemT, WorkT, PartT, OutputT, AnswerT]] = Line(self._limits)
        self._complete: deque[Entry[ItemT, WorkT, PartT, OutputT, AnswerT]] = deque()
        self._calls: set[Call[AnswerT]] = set()
        self._pace = Pace()
        self._closed: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._threads: list[ThreadPoolExecutor] = []

    async def submit(self, items: Sequence[ItemT], *, patient: bool = False) -> list[AnswerT]:
        """The answers, in order. A patient call goes behind the others, and is never shed.

        Raises Overloaded when there is no room, LineClosed, and what the stages raise of an item.
        A cancelled call is dropped.
        """
        if self._closed is not None:
            raise LineClosed(self._closed)
        if not items:
            return []
        weights = [self._stages.weigh(item) for item in items]
        if not patient and not self._line.has_room(weights):
            raise self._shed(len(items))
        self._start()
        call: Call[AnswerT] = Call(len(items), loop=asyncio.get_running_loop())
        now = self._now()
        entries = [
            Entry[ItemT, WorkT, PartT, OutputT, AnswerT](
                item=item, place=place, weight=weight, patient=patient, arrived=now, call=call
            )
            for place, (item, weight) in enumerate(zip(items, weights, strict=True))
        ]
        self._line.enter(entries, patient=patient)
        self._calls.add(call)
        self._desk_bell.set()
        early = True
        try:
            answers = await call.answered
            early = False
            return answers
        finally:
            self._calls.discard(call)
            self._line.leave(entries, early=early)

    async def aclose(self) -> None:
        """Ends: who still waits gets LineClosed; returns when both threads are done."""
        self._close(_CLOSED)
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        threads, self._threads = self._threads, []
        for thread in threads:
            await asyncio.to_thread(thread.shutdown)

    def _close(self, reason: str) -> None:
        if self._closed is None:
            self._closed = reason
        for call in tuple(self._calls):
            call.fail(LineClosed(reason))

    def _shed(self, count: int) -> Overloaded:
        self._observe(Phase.SHED, count)
        seconds = self._pace.seconds(self._line.tokens)
        message = f"{self._line.items} texts are under way; send this again in {seconds:.0f} s"
        return Overloaded(message, retry_after_s=seconds)

    def _start(self) -> None:
        if self._tasks:
            return
        self._desk_bell = asyncio.Event()
        self._engine_bell = asyncio.Event()
        self._python, self._library = self._threads = [
            ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("nlp-python", "nlp-infer")
        ]
        self._tasks = [asyncio.create_task(self._desk()), asyncio.create_task(self._engine())]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Only a mistake in here or in `observe` ends a loop; then nobody must wait for ever."""
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("batching.line_broke", exc_info=error)
            self._close(f"the line broke: {error!r}; restart this process")

    async def _desk(self) -> None:
        """The Python thread: who is complete is finished before others are prepared."""
        while True:
            if self._complete:
                await self._finish([self._complete.popleft() for _ in range(len(self._complete))])
            elif entries := self._line.to_prepare():
                await self._prepare(entries)
            else:
                self._desk_bell.clear()
                await self._desk_bell.wait()

    async def _prepare(
        self, entries: Sequence[Entry[ItemT, WorkT, PartT, OutputT, AnswerT]]
    ) -> None:
        works, seconds = await self._on(
            self._python, lambda: prepared(self._stages, [entry.item for entry in entries])
        )
        self._observe(Phase.PREPARE, seconds)
        for entry, outcome in zip(entries, works, strict=True):
            if isinstance(outcome, Failure):
                entry.call.fail(outcome.error)
            elif not entry.gone:
                entry.open(*outcome)
                if entry.complete:
                    self._complete.append(entry)
                else:
                    self._line.opened(entry, patient=entry.patient)
        self._engine_bell.set()

    async def _finish(
        self, entries: Sequence[Entry[ItemT, WorkT, PartT, OutputT, AnswerT]]
    ) -> None:
        waiting = [entry for entry in entries if not entry.gone]
        answers, seconds = await self._on(
            self._python,
            lambda: [finished(self._stages, entry.work, entry.in_order) for entry in waiting],
        )
        self._observe(Phase.FINISH, seconds)
        for entry, answer in zip(waiting, answers, strict=True):
            if isinstance(answer, Failure):
                entry.call.fail(answer.error)
            else:
                entry.call.answer(entry.place, answer)

    async def _engine(self) -> None:
        """The library's thread: batch after batch."""
        busy = False
        while True:
            if not self._line.ready:
                busy = False
                self._engine_bell.clear()
                await self._engine_bell.wait()
                continue
            if not busy and (delay := self._line.company(self._now())) > 0:
                await self._sleep(delay)
            busy = True
            if batch := self._line.take():
                await self._infer(batch)

    async def _infer(
        self, batch: Sequence[tuple[Entry[ItemT, WorkT, PartT, OutputT, AnswerT], int]]
    ) -> None:
        # Parts were taken: more may be prepared while these run.
        self._desk_bell.set()
        now = self._now()
        for entry, place in batch:
            if place == 0:
                self._observe(Phase.WAIT, now - entry.arrived)
        parts = [entry.parts[place] for entry, place in batch]
        tokens = len(parts) * cost(parts[-1].tokens)
        outputs, seconds = await self._on(self._library, lambda: inferred(self._stages, parts))
        self._observe(Phase.INFER, seconds)
        self._observe(Phase.BATCH_PARTS, len(parts))
        self._observe(Phase.BATCH_TOKENS, tokens)
        self._pace.add(sum(part.tokens for part in parts), seconds)
        for (entry, place), output in zip(batch, outputs, strict=True):
            entry.outputs[place] = output
            if entry.complete:
                self._complete.append(entry)
        self._desk_bell.set()

    async def _on(
        self, thread: ThreadPoolExecutor, job: Callable[[], list[_T]]
    ) -> tuple[list[_T], float]:
        """What the job answers on that thread, and the seconds that it took there."""

        def timed() -> tuple[list[_T], float]:
            started = self._now()
            return job(), self._now() - started

        return await asyncio.get_running_loop().run_in_executor(thread, timed)
