"""Compiled rules: numbers instead of names, and how one rule is tried on a reading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.patterns.reading import Reading, Span
from nlp.patterns.schema import Scope, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCondition:
    """A condition with class numbers; `longest` bounds the tokens of its class."""

    name: str
    word_class: int
    where: Where
    scope: Scope
    within: int | None
    lifted_by: int | None
    lifted_in: str
    longest: int

    def found(self, reading: Reading, span: Span, anchor: Span) -> Span | None:
        """The token that meets the condition, or None, also when it is lifted."""
        token = self._token(reading, span, anchor)
        if token is None or self.lifted_by is None:
            return token
        if self.lifted_in == "between":
            start, end = min(token[1], anchor[1]), max(token[0], anchor[0])
        else:
            start, end = part(reading, self.lifted_in, anchor[0])
        return token if reading.first_inside(self.lifted_by, start, end) is None else None

    def _token(self, reading: Reading, span: Span, anchor: Span) -> Span | None:
        if self.where is Where.OVER:
            return reading.covering(self.word_class, anchor, longest=self.longest)
        if self.where is Where.INSIDE:
            return reading.first_inside(self.word_class, *span)
        start, end = part(reading, self.scope, anchor[0])
        if self.where is not Where.AFTER:
            token = reading.last_inside(self.word_class, start, anchor[0])
            if token is not None and self._near(anchor[0] - token[1]):
                return token
        if self.where is Where.BEFORE:
            return None
        token = reading.first_inside(self.word_class, anchor[1], end)
        if token is not None and self._near(token[0] - anchor[1]):
            return token
        if self.where is Where.AROUND:
            return reading.first_inside(self.word_class, *anchor)
        return None

    def _near(self, distance: int) -> bool:
        return self.within is None or distance <= self.within


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """One wording. `sequences` are (class, gap before it) in order, with the anchor's position.

    `required` has the bits of the classes of words without which it cannot match.
    """

    pattern: str
    id: str
    sequences: tuple[tuple[tuple[tuple[int, int], ...], int], ...]
    scope: Scope
    needs: tuple[CompiledCondition, ...]
    guards: tuple[CompiledCondition, ...]
    required: int

    def may_match(self, reading: Reading) -> bool:
        """Whether every class that it needs is somewhere in the text: the quickest look."""
        return self.required & ~reading.present == 0

    def matches(self, reading: Reading) -> Iterator[tuple[Span, str | None]]:
        """(span, guard with its word, or None) of each match, in code points of the normal form."""
        for slots, anchor_at in self.sequences:
            for span, anchor in _chains(reading, slots, anchor_at, self.scope):
                if all(need.found(reading, span, anchor) is not None for need in self.needs):
                    yield span, self._suppression(reading, span, anchor)

    def _suppression(self, reading: Reading, span: Span, anchor: Span) -> str | None:
        for guard in self.guards:
            token = guard.found(reading, span, anchor)
            if token is not None:
                return f"{guard.name}:{reading.text[slice(*token)]}"
        return None


def part(reading: Reading, scope: str, position: int) -> Span:
    """The clause, sentence or whole text around a position."""
    if scope == Scope.CLAUSE:
        return reading.clause(position)
    if scope == Scope.SENTENCE:
        return reading.sentence(position)
    return 0, len(reading.text)


def _chains(
    reading: Reading, slots: Sequence[tuple[int, int]], anchor_at: int, scope: Scope
) -> list[tuple[Span, Span]]:
    """(whole span, anchor) of each way to fill the slots; every last token takes its tightest.

    Time is tokens times the logarithm of tokens: a token is joined to the nearest chain before it.
    """
    empty: Span = (0, 0)
    chains = [
        (end, start, (start, end) if anchor_at == 0 else empty)
        for start, end in reading.tokens(slots[0][0])
    ]
    for position, (word_class, gap) in enumerate(slots[1:], start=1):
        if not chains:
            return []
        chains.sort()
        longer = []
        for start, end in reading.tokens(word_class):
            index = bisect_right(chains, (start, len(reading.text) + 1)) - 1
            if index < 0 or chains[index][0] < start - gap:
                continue
            _, first, anchor = chains[index]
            whole = reading.passage(first) if scope is Scope.TEXT else part(reading, scope, first)
            if whole[1] >= end:
                longer.append((end, first, (start, end) if position == anchor_at else anchor))
        chains = longer
    return [((first, end), anchor) for end, first, anchor in chains]
