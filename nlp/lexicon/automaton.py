"""One Aho-Corasick automaton over many words."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.text.encodable import encodable


class Automaton:
    """Finds words in a text; a word is known by its place in `words`. Words must not be empty."""

    def __init__(self, words: Iterable[str], *, longest: bool = False) -> None:
        """With `longest`, only the leftmost-longest of overlapping words are found."""
        patterns = [encodable(word) for word in words]
        kind = MatchKind.LeftmostLongest if longest else MatchKind.Standard
        self._overlapping = not longest
        self._automaton = AhoCorasick(patterns, matchkind=kind) if patterns else None

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(word, start, end) of each occurrence, half open, in code points."""
        if self._automaton is None:
            return []
        try:
            return self._automaton.find_matches_as_indexes(text, self._overlapping)
        except UnicodeEncodeError:
            return self._automaton.find_matches_as_indexes(encodable(text), self._overlapping)
