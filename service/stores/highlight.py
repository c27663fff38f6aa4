"""Where the words of a search stand in a post: spans in code points of the original text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

Span = tuple[int, int]
Locate = Callable[[str, Sequence[str]], Sequence[Span]]
"""(text, terms) → half-open spans of the terms in the text, in any order; may overlap."""

_MOST_SPANS = 100
_LONGEST_TEXT = 20_000
_STRETCH = re.compile(r"[^\W_]+")


def locate_folded(text: str, terms: Sequence[str]) -> tuple[Span, ...]:
    """Every occurrence of each term, whatever its case, at most 100.

    One code point is folded to one, so that offsets hold: what folds to several (İ) matches
    itself only. Knows nothing of script or width variants; a locator on nlp's normal form does.
    """
    folded = _fold(text)
    spans: list[Span] = []
    for term in dict.fromkeys(map(_fold, terms)):
        start = folded.find(term) if term else -1
        while start >= 0 and len(spans) < _MOST_SPANS:
            spans.append((start, start + len(term)))
            start = folded.find(term, start + len(term))
    return tuple(spans)


def highlights(text: str, search: str, *, locate: Locate = locate_folded) -> tuple[Span, ...]:
    """Spans to mark, sorted and disjoint, at most 100, in the first 20,000 code points.

    Each blank-separated word of `search` is sought as typed; where that is not found, its stretches
    of letters and digits are.
    """
    head = text[:_LONGEST_TEXT]
    spans: list[Span] = []
    for word in search.replace('"', " ").split():
        spans.extend(locate(head, (word,)) or locate(head, _STRETCH.findall(word)))
    return _united(spans)[:_MOST_SPANS]


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)


def _fold(text: str) -> str:
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
