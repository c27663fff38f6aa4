"""The same stages without a line: in the caller's thread, deterministic, for files and tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from nlp.batching.attempt import finished, inferred, prepared
from nlp.batching.packing import packed
from nlp.batching.stages import AnswerT, Failure, ItemT, OutputT, PartT, Stages, WorkT

_T = TypeVar("_T")
_CHUNK_ITEMS = 256
_CHUNK_TOKENS = 65_536


def answers(
    stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT],
    items: Sequence[ItemT],
    *,
    batch_tokens: int,
) -> list[AnswerT]:
    """The answers, in order; parts of like length go together, `batch_tokens` padded at a time.

    Raises what the stages raise of an item.
    """
    found: list[AnswerT] = []
    for chunk in _chunks(items, [stages.weigh(item) for item in items]):
        found.extend(_answered(stages, chunk, batch_tokens=batch_tokens))
    return found


def _answered(
    stages: Stages[ItemT, WorkT, PartT, OutputT, AnswerT],
    items: Sequence[ItemT],
    *,
    batch_tokens: int,
) -> list[AnswerT]:
    works = [_good(outcome) for outcome in prepared(stages, items)]
    parts = [part for _, own in works for part in own]
    outputs: dict[int, OutputT | Failure] = {}
    for batch in packed([part.tokens for part in parts], budget=batch_tokens):
        of_batch = inferred(stages, [parts[place] for place in batch])
        outputs.update(zip(batch, of_batch, strict=True))
    found: list[AnswerT] = []
    done = 0
    for work, own in works:
        end = done + len(own)
        found.append(_good(finished(stages, work, [outputs[at] for at in range(done, end)])))
        done = end
    return found


def _good(outcome: _T | Failure) -> _T:
    if isinstance(outcome, Failure):
        raise outcome.error
    return outcome


def _chunks(items: Sequence[ItemT], weights: Sequence[int]) -> Iterable[list[ItemT]]:
    """Bounds what is prepared at a time."""
    chunk: list[ItemT] = []
    weight = 0
    for item, own in zip(items, weights, strict=True):
        if chunk and (len(chunk) >= _CHUNK_ITEMS or weight + own > _CHUNK_TOKENS):
            yield chunk
            chunk, weight = [], 0
        chunk.append(item)
        weight += own
    if chunk:
        yield chunk
