"""The lexicon of the moment, replaced whole while others read, with all that is made of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from nlp.lexicon.matcher import Lexicon

T = TypeVar("T")

_log = logging.getLogger(__name__)


class _Part(Protocol):
    """Something made of a lexicon."""

    def prepared(self, lexicon: Lexicon) -> Callable[[], None]: ...


class LiveLexicon:
    """Holds one lexicon; whoever reads takes `current` once and keeps it to the end of the text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._current = lexicon
        self._parts: list[_Part] = []

    @property
    def current(self) -> Lexicon:
        """The lexicon that new texts are matched with."""
        return self._current

    @property
    def version(self) -> str:
        """The version of the current one."""
        return self._current.version

    def derive(self, build: Callable[[Lexicon], T]) -> Derived[T]:
        """What is built of each lexicon in turn, beginning now. Raises what `build` raises."""
        derived = Derived(build, self._current)
        self._parts.append(derived)
        return derived

    def swap(self, lexicon: Lexicon) -> None:
        """Puts another in its place; a match under way ends with the one it began with.

        What is derived is built first, in this thread: some tenths of a second where an analyser
        reads with it.
        """
        put = [part.prepared(lexicon) for part in self._parts]
        self._current = lexicon
        for each in put:
            each()


class Derived(Generic[T]):
    """Something that a live lexicon keeps in step with itself, such as the tokenizer's words."""

    def __init__(self, build: Callable[[Lexicon], T], lexicon: Lexicon) -> None:
        self._build = build
        self._current = build(lexicon)

    @property
    def current(self) -> T:
        """Made of the lexicon of the moment, or of the last one that it could be made of."""
        return self._current

    def prepared(self, lexicon: Lexicon) -> Callable[[], None]:
        """Builds it anew; what is answered puts it in place.

        Where that fails the old one stays and the log says so: an entry that hits is worth more
        than words that stay whole.
        """
        try:
            made = self._build(lexicon)
        except Exception:
            _log.exception("lexicon.derived_failed", extra={"version": lexicon.version})
            return _nothing
        return lambda: self._put(made)

    def _put(self, made: T) -> None:
        self._current = made


def _nothing() -> None:
    """What to do when there is nothing new."""
