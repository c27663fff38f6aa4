"""Where literals stand in a normal form, and how near to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp.text.boundary import stands_alone

Span = tuple[int, int]


def literal_spans(normal: str, literal: str) -> Iterator[Span]:
    """Yields each occurrence that does not cut into a spaced word: half open, in code points."""
    start = normal.find(literal)
    while start >= 0:
        end = start + len(literal)
        if stands_alone(normal, start, end):
            yield start, end
        start = normal.find(literal, start + 1)


def within(left: Iterable[Span], right: Iterable[Span], *, distance: int) -> bool:
    """Whether a left and a right span lie apart, in either order, with at most `distance` between.

    The distance is counted in characters from the end of one to the start of the next: 0 when they
    touch. Overlapping spans are not near, they are the same place.
    """
    edges: list[tuple[int, int, int]] = []
    for side, spans in enumerate((left, right)):
        for start, end in spans:
            edges.append((start, 1, side))
            edges.append((end, 0, side))
    last_end: list[int | None] = [None, None]
    for position, is_start, side in sorted(edges):
        if not is_start:
            last_end[side] = position
            continue
        other = last_end[1 - side]
        if other is not None and position - other <= distance:
            return True
    return False
