"""What a line runs: prepare (Python), infer (the library's threads), finish (Python)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Sized(Protocol):
    """What infer works on; its cost is known."""

    @property
    def tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands where an output or an answer would, had it not been for this error."""

    error: Exception


ItemT = TypeVar("ItemT")
WorkT = TypeVar("WorkT")
PartT = TypeVar("PartT", bound=Sized)
OutputT = TypeVar("OutputT")
AnswerT = TypeVar("AnswerT")
_Item_contra = TypeVar("_Item_contra", contravariant=True)
_Answer_co = TypeVar("_Answer_co", covariant=True)


class Stages(Protocol[_Item_contra, WorkT, PartT, OutputT, _Answer_co]):
    """An item in, an answer out, in three steps that may run on two threads at once.

    `prepare` and `finish` are called on one thread, `infer` on another, each once at a time.
    """

    def weigh(self, item: _Item_contra) -> int:
        """About how many tokens the item will cost; at once, without work."""
        ...

    def prepare(self, items: Sequence[_Item_contra]) -> Sequence[tuple[WorkT, Sequence[PartT]]]:
        """For each item what is known so far, and the parts to infer: none when all is known."""
        ...

    def infer(self, parts: Sequence[PartT]) -> Sequence[OutputT]:
        """One output a part, in order."""
        ...

    def finish(self, work: WorkT, outputs: Sequence[OutputT | Failure]) -> _Answer_co:
        """The answer from the outputs of the item's own parts, in their order."""
        ...
