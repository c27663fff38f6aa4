"""The lexicon of the moment: replaced whole while others are reading."""

from __future__ import annotations

from nlp.lexicon.matcher import Lexicon


class LiveLexicon:
    """Holds one lexicon; whoever reads takes `current` once and keeps it to the end of the text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._current = lexicon

    @property
    def current(self) -> Lexicon:
        """The lexicon that new texts are matched with."""
        return self._current

    @property
    def version(self) -> str:
        """The version of the current one."""
        return self._current.version

    def swap(self, lexicon: Lexicon) -> None:
        """Puts another in its place; a match under way ends with the one it began with."""
        self._current = lexicon
