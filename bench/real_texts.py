"""Real texts to measure speed on: labelled dev rows, each normal form once, none handed out twice.

A text seen before would be answered from the result cache and measure nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from nlp.training.corpora import all_rows

DEFAULT_DATA = Path("..") / "shared" / "data"


class TooFewTexts(Exception):
    """The supply holds fewer texts than a measurement needs."""


class Supply:
    """Hands out texts that nobody was given before."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)

    def take(self, count: int) -> list[str]:
        """The next `count` texts, whatever their length. Raises TooFewTexts."""
        return self._given(range(len(self._texts))[:count], count)

    def take_han(self, count: int, *, characters: int) -> list[str]:
        """`count` texts cut to exactly `characters`, mostly Han. Raises TooFewTexts.

        English of that length is a third of the tokens and would flatter the figure.
        """
        cut = {
            start: place
            for place, text in reversed(list(enumerate(self._texts)))
            if len(text) >= characters and _mostly_han(start := text[:characters])
        }
        places = sorted(cut.values())[:count]
        return [text[:characters] for text in self._given(places, count)]

    def take_bucket(self, count: int, *, least: int, most: int) -> list[str]:
        """Up to `count` texts of `least` to `most` characters, both included."""
        places = [place for place, text in enumerate(self._texts) if least <= len(text) <= most]
        return self._given(places[:count], 0)

    def _given(self, places: Sequence[int], wanted: int) -> list[str]:
        if len(places) < wanted:
            raise TooFewTexts(f"{wanted} texts are wanted and {len(places)} left: measure fewer")
        given = [self._texts[place] for place in places]
        gone = set(places)
        self._texts = [text for place, text in enumerate(self._texts) if place not in gone]
        return given


def real_texts(data: Path, *, seed: int = 0) -> Supply:
    """The dev texts in their normal form, in an order that depends on `seed` only.

    Normal forms, so that the pipeline, which knows no normaliser, reads what our model reads.
    Raises BadCorpus.
    """
    texts = list(dict.fromkeys(row.text for row in all_rows(data, "dev") if row.text.strip()))
    random.Random(seed).shuffle(texts)
    return Supply(texts)


def _mostly_han(text: str) -> bool:
    return sum("\u4e00" <= character <= "\u9fff" for character in text) * 2 >= len(text)
