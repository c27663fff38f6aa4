"""A call in the line and its items."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic

from nlp.batching.stages import AnswerT, Failure, ItemT, OutputT, PartT, WorkT


class Call(Generic[AnswerT]):
    """One `submit`: done when every item is answered, or one failed, or the caller gave up."""

    def __init__(self, count: int, *, loop: asyncio.AbstractEventLoop) -> None:
        self._answers: dict[int, AnswerT] = {}
        self._count = count
        self.answered: asyncio.Future[list[AnswerT]] = loop.create_future()

    @property
    def gone(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.answered.done()

    def answer(self, place: int, answer: AnswerT) -> None:
        """The answer of the item at `place`."""
        self._answers[place] = answer
        if len(self._answers) == self._count and not self.gone:
            self.answered.set_result([self._answers[place] for place in range(self._count)])

    def fail(self, error: Exception) -> None:
        """Ends the call with an error."""
        if not self.gone:
            self.answered.set_exception(error)


@dataclass(slots=True, eq=False, kw_only=True)
class Entry(Generic[ItemT, WorkT, PartT, OutputT, AnswerT]):
    """One item of a call on its way."""

    item: ItemT
    place: int
    weight: int
    patient: bool
    arrived: float
    call: Call[AnswerT]
    taken: int = 0
    parts: Sequence[PartT] = ()
    sizes: Sequence[int] = ()
    work: WorkT = field(init=False)
    """What prepare made; not there before."""
    outputs: dict[int, OutputT | Failure] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        return self.call.gone

    def open(self, work: WorkT, parts: Sequence[PartT]) -> None:
        """Takes what prepare made."""
        self.work = work
        self.parts = parts
        self.sizes = [part.tokens for part in parts]

    @property
    def complete(self) -> bool:
        """Whether every part has its output."""
        return len(self.outputs) == len(self.parts)

    @property
    def in_order(self) -> list[OutputT | Failure]:
        """The outputs in the order of the parts."""
        return [self.outputs[place] for place in range(len(self.parts))]
