"""The patterns at work: which stand in a text, and why some of them do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.analysis import PatternHit
from nlp.lexicon.automaton import Automaton
from nlp.patterns.reading import Reading, Span
from nlp.patterns.rule import CompiledRule
from nlp.patterns.vocabulary import Vocabulary
from nlp.text.normalizer import NormalText

# Enough to show; what counts is that a pattern is there, and a hostile text repeats it for ever.
MAX_HITS = 8

_Found = tuple[Span, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What is known of a pattern besides its rules. `severity` is 1 to 5."""

    id: str
    title_zh: str
    title_en: str
    severity: int
    scenario: str | None
    held: bool
    positive: tuple[str, ...]
    negative: tuple[str, ...]


class PatternSet:
    """Immutable set of compiled patterns; safe to share between threads."""

    def __init__(
        self,
        patterns: Iterable[Pattern],
        *,
        rules: Sequence[tuple[CompiledRule, tuple[str, ...]]],
        vocabulary: Vocabulary,
        version: str,
    ) -> None:
        """`rules` come with the words of their anchors, without which a rule cannot match."""
        self.patterns = {pattern.id: pattern for pattern in patterns}
        self.version = version
        self._vocabulary = vocabulary
        self._rules = tuple(rule for rule, _ in rules)
        anchors: dict[str, set[int]] = {}
        for index, (_, words) in enumerate(rules):
            for word in words:
                anchors.setdefault(word, set()).add(index)
        self._anchored = tuple(frozenset(found) for found in anchors.values())
        self._anchors = Automaton(anchors)

    def match(self, normal: NormalText) -> tuple[PatternHit, ...]:
        """Every pattern found, by place; spans in code points of the original.

        At most MAX_HITS that count, and as many suppressed, a pattern; those that count come
        before what they overlap. Time is linear in the text, but for a logarithm.
        """
        words = {word for word, _, _ in self._anchors.find(normal.text)}
        if not words:
            return ()
        candidates: set[int] = set()
        for word in words:
            candidates |= self._anchored[word]
        reading = self._vocabulary.read(normal.text)
        found: dict[str, list[_Found]] = {}
        for index in sorted(candidates):
            if self._rules[index].may_match(reading):
                _collect(self._rules[index], reading, found)
        hits = [
            _hit(pattern, item, normal)
            for pattern, items in found.items()
            for item in _distinct(items)
        ]
        return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.pattern)))


def _collect(rule: CompiledRule, reading: Reading, found: dict[str, list[_Found]]) -> None:
    counted = suppressed = 0
    for span, guard in rule.matches(reading):
        if guard is None:
            counted += 1
        else:
            suppressed += 1
            if suppressed > MAX_HITS:
                continue
        found.setdefault(rule.pattern, []).append((span, rule.id, guard))
        if counted == MAX_HITS:
            return


def _distinct(items: list[_Found]) -> list[_Found]:
    """Of overlapping matches of a pattern one is kept: one that counts, then the first longest."""
    kept: list[_Found] = []
    for item in sorted(items, key=lambda item: (item[2] is not None, item[0][0], -item[0][1])):
        (start, end), _, guard = item
        alike = [other for other in kept if (other[2] is None) == (guard is None)]
        if len(alike) < MAX_HITS and all(
            end <= other[0][0] or start >= other[0][1] for other in kept
        ):
            kept.append(item)
    return kept


def _hit(pattern: str, item: _Found, normal: NormalText) -> PatternHit:
    span, rule, guard = item
    start, end = normal.original_span(*span)
    return PatternHit(
        pattern=pattern,
        rule=rule,
        start=start,
        end=end,
        surface=normal.original[start:end],
        suppressed_by=guard,
    )
