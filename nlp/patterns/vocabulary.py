"""All words of all classes in one automaton, with the expressions beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import re2

from nlp.lexicon.automaton import Automaton
from nlp.patterns.reading import Reading, Span
from nlp.text.boundary import is_word_character, stands_alone
from nlp.text.encodable import encodable
from nlp.text.normalizer import normalize

LONGEST_EXPRESSION = 80


class VocabularyDraft:
    """Classes are numbered as they come; equal classes share a number."""

    def __init__(self) -> None:
        self._classes: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._expressions: dict[str, int] = {}
        self._compiled: dict[int, Any] = {}
        self._words: dict[str, list[int]] = {}
        self._members: list[tuple[str, ...]] = []
        self._allowed: dict[int, int] = {}

    def add(self, words: Iterable[str], *, allow: Iterable[str] = ()) -> int:
        """The number of the class of these words, taken in their normal form."""
        key = (_normal(words), _normal(allow))
        known = self._classes.get(key)
        if known is None:
            known = self._classes[key] = self._number(key[0])
            if key[1]:
                self._allowed[known] = self._number(key[1])
        return known

    def add_expression(self, text: str) -> int:
        """The number of an RE2 expression. Raises ValueError when RE2 refuses it."""
        known = self._expressions.get(text)
        if known is None:
            options = re2.Options()
            options.log_errors = False
            try:
                compiled = re2.compile(text, options)
            except re2.error as error:
                raise ValueError(f"RE2 refuses the expression: {_reason(error)}") from error
            if compiled.search("") is not None:
                raise ValueError("the expression matches the empty text; make it want something")
            known = self._expressions[text] = self._number(())
            self._compiled[known] = compiled
        return known

    def words(self, word_class: int) -> tuple[str, ...]:
        """The words of a class in normal form."""
        return self._members[word_class]

    def finished(self) -> Vocabulary:
        """The vocabulary, ready to read texts."""
        return Vocabulary(self._words, allowed=self._allowed, expressions=self._compiled)

    def _number(self, words: Iterable[str]) -> int:
        number = len(self._members)
        self._members.append(tuple(sorted(words)))
        for word in self._members[number]:
            self._words.setdefault(word, []).append(number)
        return number


class Vocabulary:
    """Immutable; finds the tokens of a text."""

    def __init__(
        self,
        words: dict[str, list[int]],
        *,
        allowed: dict[int, int],
        expressions: dict[int, Any],
    ) -> None:
        members: dict[int, list[int]] = {}
        for place, classes in enumerate(words.values()):
            for word_class in classes:
                members.setdefault(word_class, []).append(place)
        self._members = {number: frozenset(places) for number, places in members.items()}
        self._masks = tuple(sum(1 << number for number in set(own)) for own in words.values())
        self._spaced = tuple(_spaced(word) for word in words)
        self._allowed = allowed
        self._expressions = expressions
        self._automaton = Automaton(words)
        self.longest = max(map(len, words), default=0) + LONGEST_EXPRESSION

    def read(self, text: str) -> Reading:
        """The text with its tokens; one pass, linear in its length."""
        places: dict[int, list[Span]] = {}
        for word, start, end in self._automaton.find(text):
            if not self._spaced[word] or stands_alone(text, start, end):
                places.setdefault(word, []).append((start, end))
        nothing: frozenset[int] = frozenset()

        def tokens(word_class: int) -> list[Span]:
            here = self._members.get(word_class, nothing).intersection(places)
            return sorted(span for word in here for span in places[word])

        def find(word_class: int) -> Sequence[Span]:
            expression = self._expressions.get(word_class)
            if expression is not None:
                return [match.span() for match in expression.finditer(encodable(text))]
            found = tokens(word_class)
            allowed = self._allowed.get(word_class)
            if not found or allowed is None:
                return found
            shield = tokens(allowed)
            return _uncovered(found, shield) if shield else found

        present = 0
        for word in places:
            present |= self._masks[word]
        return Reading(text, find, present=present)


def _uncovered(tokens: list[Span], shields: list[Span]) -> list[Span]:
    """The tokens that no shield covers; both by start."""
    reach = max(end - start for start, end in shields)
    kept = []
    for start, end in tokens:
        nearby = range(bisect_left(shields, (end - reach, 0)), len(shields))
        if not any(_covers(shields[index], start, end) for index in _until(nearby, shields, start)):
            kept.append((start, end))
    return kept


def _until(nearby: range, shields: list[Span], start: int) -> Iterable[int]:
    for index in nearby:
        if shields[index][0] > start:
            return
        yield index


def _covers(shield: Span, start: int, end: int) -> bool:
    return shield[0] <= start and end <= shield[1]


def _normal(words: Iterable[str]) -> frozenset[str]:
    """Normal forms; an apostrophe is typed in two ways."""
    found = {_normal_word(word) for word in words}
    return frozenset(found | {word.replace("'", "’") for word in found}) - {""}


@cache
def _normal_word(word: str) -> str:
    return normalize(word.replace("_", " ")).text.strip()


def _spaced(word: str) -> bool:
    return is_word_character(word[0]) or is_word_character(word[-1])


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else "not understood"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
