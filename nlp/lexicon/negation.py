"""Does a negation deny what follows? 没有发生爆炸 does, 没想到爆炸了 does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from nlp.data_files import data_file, rows
from nlp.text.boundary import stands_alone

# Longest negation plus a few bridges; farther away it speaks of something else.
_WINDOW = 14


class Negation:
    """Finds a negation that ends where a term starts, with nothing but bridge words between.

    A pseudo negation (有没有, 没想到) and a double one (不是没有) deny nothing.
    """

    def __init__(
        self, *, negations: Iterable[str], pseudo: Iterable[str], bridges: Iterable[str]
    ) -> None:
        bridge = f"(?:{_any(bridges)})*$"
        self._negation = re.compile(f"({_any(negations)}){bridge}")
        self._pseudo = re.compile(f"(?:{_any(pseudo)}){bridge}")
        self._ends = re.compile(f"(?:{_any(negations)})$")

    def before(self, text: str, start: int) -> str | None:
        """The word that denies what starts at `start` of a text in normal form, or None."""
        window = text[max(0, start - _WINDOW) : start]
        match = self._negation.search(window)
        if match is None or self._pseudo.search(window):
            return None
        if not stands_alone(window, *match.span(1)) or self._ends.search(window[: match.start()]):
            return None
        return match[1]


@cache
def load_negation() -> Negation:
    """The negation of data/variants/negations.tsv."""
    kinds: dict[str, list[str]] = {"negation": [], "pseudo": [], "bridge": []}
    for _, (word, kind) in rows(data_file("variants", "negations.tsv")):
        kinds[kind].append(word)
    return Negation(negations=kinds["negation"], pseudo=kinds["pseudo"], bridges=kinds["bridge"])


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
