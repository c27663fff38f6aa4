"""Where the words of a search stand in a post: spans in code points of the original text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Locate = Callable[[str, Sequence[str]], Sequence[tuple[int, int]]]
"""(text, terms) → half-open spans of the terms in the text, in any order; may overlap."""

_MOST_SPANS = 100
_LONGEST_TEXT = 20_000


def locate_folded(text: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Every occurrence of each term, whatever its case.

    Folds one code point to one, so that offsets hold: of what folds to several (ß, İ) the plain form
    only matches itself. Knows nothing of script variants; `nlp` offers a locator that does.
    """
    folded = _fold(text)
    spans = []
    for term in dict.fromkeys(map(_fold, terms)):
        start = folded.find(term) if term else -1
        while start >= 0 and len(spans) < _MOST_SPANS:
            spans.append((start, start + len(term)))
            start = folded.find(term, start + len(term))
    return tuple(spans)


def highlights(
    text: str, words: Sequence[Sequence[str]], *, locate: Locate = locate_folded
) -> tuple[tuple[int, int], ...]:
    """Spans to mark, sorted and disjoint, at most 100, in the first 20,000 code points.

    Each of `words` lists a word as typed and then its tokens: where the word itself stands in the text
    its tokens are not marked one by one.
    """
    head = text[:_LONGEST_TEXT]
    spans: list[tuple[int, int]] = []
    for typed, *tokens in words:
        spans.extend(locate(head, (typed,)) or locate(head, tokens))
    return _united(spans)[:_MOST_SPANS]


def _united(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    united: list[tuple[int, int]] = []
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
