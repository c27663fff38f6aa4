"""Text cut where it is to be marked; the pieces are shown as text, each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Piece = tuple[str, bool]
"""A stretch of the text, and whether it is marked."""


def marked(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text in pieces, in order, nothing lost.

    Spans are half open, in code points; they may overlap, touch, or reach outside the text.
    """
    pieces: list[Piece] = []
    done = 0
    for start, end in _united(spans, len(text)):
        if start > done:
            pieces.append((text[done:start], False))
        pieces.append((text[start:end], True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    return tuple(pieces)


def hit_spans(hits: Iterable[Mapping[str, Any]], field: str) -> tuple[tuple[int, int], ...]:
    """The spans of lexicon hits in one field of a frozen post; hits without a span are left out."""
    return tuple(
        (hit["start"], hit["end"])
        for hit in hits
        if (hit.get("field") or "text") == field
        and isinstance(hit.get("start"), int)
        and isinstance(hit.get("end"), int)
    )


def _united(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
