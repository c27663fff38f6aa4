"""A text as patterns see it: where the words of each class stand, and how it falls into parts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

Span = tuple[int, int]
"""Start and end, half open, in code points of the normal form."""

# The normal form turned full-width marks into ASCII, line ends into spaces and … into dots.
# A hashtag and the text that a repost quotes (//@name:) are said by or of somebody else.
_PASSAGE = re.compile(r"#|//(?=@)")
_SENTENCE = re.compile(r"[。!?]+|\.(?=\s|$)|#|//(?=@)")
_CLAUSE = re.compile(
    r"[。!?,;、:]+|\.\.|\.(?=\s|$)|(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])|#|//(?=@)"
)


class Reading:
    """Tokens by class, sorted by place, each class found when first asked for.

    Bit i of `present` is set where a word of class i may stand in the text; expressions have none.
    """

    def __init__(
        self, text: str, find: Callable[[int], Sequence[Span]], *, present: int = 0
    ) -> None:
        self.text = text
        self.present = present
        self._find = find
        self._tokens: dict[int, Sequence[Span]] = {}
        self._ends: dict[re.Pattern[str], list[int]] = {}

    def tokens(self, word_class: int) -> Sequence[Span]:
        """The places of a class, by start."""
        found = self._tokens.get(word_class)
        if found is None:
            found = self._tokens[word_class] = self._find(word_class)
        return found

    def clause(self, position: int) -> Span:
        """The clause around a position, with the mark that ends it."""
        return self._part(_CLAUSE, position)

    def sentence(self, position: int) -> Span:
        """The sentence around a position, with the mark that ends it."""
        return self._part(_SENTENCE, position)

    def passage(self, position: int) -> Span:
        """The text around a position up to the next hashtag or quoted repost."""
        return self._part(_PASSAGE, position)

    def first_inside(self, word_class: int, start: int, end: int) -> Span | None:
        """The first token of the class that lies within start:end."""
        tokens = self.tokens(word_class)
        for index in range(bisect_left(tokens, (start, 0)), len(tokens)):
            token = tokens[index]
            if token[0] >= end:
                return None
            if token[1] <= end:
                return token
        return None

    def last_inside(self, word_class: int, start: int, end: int) -> Span | None:
        """The last token of the class that lies within start:end."""
        tokens = self.tokens(word_class)
        for index in range(bisect_left(tokens, (end, 0)) - 1, -1, -1):
            token = tokens[index]
            if token[0] < start:
                return None
            if token[1] <= end:
                return token
        return None

    def covering(self, word_class: int, span: Span, *, longest: int) -> Span | None:
        """A token of the class that covers the span; none is longer than `longest`."""
        tokens = self.tokens(word_class)
        for index in range(bisect_right(tokens, (span[0], len(self.text))) - 1, -1, -1):
            token = tokens[index]
            if token[0] < span[0] - longest:
                return None
            if token[1] >= span[1]:
                return token
        return None

    def _part(self, marks: re.Pattern[str], position: int) -> Span:
        ends = self._ends.get(marks)
        if ends is None:
            ends = self._ends[marks] = [match.end() for match in marks.finditer(self.text)]
        index = bisect_right(ends, position)
        start = ends[index - 1] if index else 0
        return start, ends[index] if index < len(ends) else len(self.text)
