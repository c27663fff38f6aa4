"""Which stories are one: pairs that have been near in several reviews in a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Pair = tuple[str, str]
"""Two story ids, the smaller first."""


def confirmed(
    before: Mapping[Pair, int], near: Iterable[Pair], *, looked_at: Collection[str], needed: int
) -> tuple[dict[Pair, int], list[Pair]]:
    """(how often each pair was near in a row, the pairs for which that is enough).

    `near` are pairs of this review, of stories `looked_at`; of a pair that was not looked at
    nothing new is known, so that its count stands. Pairs that are enough are counted no more.
    """
    counts = {
        pair: count
        for pair, count in before.items()
        if pair[0] not in looked_at and pair[1] not in looked_at
    }
    ready = []
    for pair in near:
        count = before.get(pair, 0) + 1
        if count >= needed:
            ready.append(pair)
        else:
            counts[pair] = count
    return counts, ready


def pair_of(left: str, right: str) -> Pair:
    """The pair of two ids."""
    return (left, right) if left < right else (right, left)
