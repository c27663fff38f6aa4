"""Runs a stage over many, and one by one when that fails: one bad text spoils only itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from nlp.batching.stages import AnswerT, Failure, ItemT, OutputT, PartT, Stages, WorkT

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def prepared(
    stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT], items: Sequence[ItemT]
) -> list[tuple[WorkT, Sequence[PartT]] | Failure]:
    """What `prepare` says of each item."""
    return each(stages.prepare, items)


def inferred(
    stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT], parts: Sequence[PartT]
) -> list[OutputT | Failure]:
    """What `infer` says of each part."""
    return each(stages.infer, parts)


def finished(
    stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT],
    work: WorkT,
    outputs: Sequence[OutputT | Failure],
) -> AnswerT | Failure:
    """What `finish` says of an item."""
    try:
        return stages.finish(work, outputs)
    except Exception as error:
        return Failure(error)


def each(
    step: Callable[[Sequence[_In]], Sequence[_Out]], given: Sequence[_In]
) -> list[_Out | Failure]:
    """What the step says of all at once, or of one at a time when that raises."""
    try:
        return list(_checked(step, given))
    except Exception:
        found: list[_Out | Failure] = []
        for item in given:
            try:
                found.extend(_checked(step, [item]))
            except Exception as error:
                found.append(Failure(error))
        return found


def _checked(
    step: Callable[[Sequence[_In]], Sequence[_Out]], given: Sequence[_In]
) -> Sequence[_Out]:
    found = step(given)
    if len(found) != len(given):
        raise ValueError(f"{len(given)} went into a stage and {len(found)} came out: one each")
    return found
