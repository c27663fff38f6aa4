"""Clauses and sentences of a text, by their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

Span = tuple[int, int]
"""Half open, in code points."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”」』）)]*")


def sentences(text: str) -> Iterator[Span]:
    """Sentences with their closing marks, without the space around them; blank ones left out."""
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if any(character.isalnum() for character in text[start:end]):
            yield start, end


def around(spans: list[Span], place: int) -> Span | None:
    """The span that holds `place`; `spans` are in order and do not overlap."""
    index = bisect_right(spans, (place, 2**31)) - 1
    if index < 0 or not spans[index][0] <= place < spans[index][1]:
        return None
    return spans[index]
