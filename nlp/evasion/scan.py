"""One pass over a text: its keys, and the place in the text of each symbol of a key."""

from __future__ import annotations

from codecs import utf_32_le_decode, utf_32_le_encode
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nlp.evasion.alphabet import BREAK, SOUNDS, Alphabet, Codes, Indexes

Places = NDArray[np.intp]
_BREAK, _SOUNDS = chr(BREAK), chr(SOUNDS)


class Key:
    """What an automaton searches: a text without noise, one symbol for each run of a symbol.

    A symbol stands for more than one place where characters of one symbol follow each other.
    """

    # Neither a dataclass nor called by names: two are made a text, and most never looked at again.
    __slots__ = ("_first_run", "_letters", "_shift", "_text", "symbols")

    def __init__(self, symbols: str, text: Scan, first_run: int, shift: int) -> None:
        """`first_run` and `shift` lead to this key's part of `text.runs` and `text.places`."""
        self.symbols = symbols
        self._text, self._first_run, self._shift = text, first_run, shift
        self._letters: str | None = None

    @property
    def letters(self) -> str:
        """The first plain character behind each symbol."""
        if self._letters is None:
            text, first = self._text, self._first_run
            places = text.places.take(text.runs[first : first + len(self.symbols)] + 1)
            codes = text.codes.take(places - self._shift)
            self._letters = _decoded(text.alphabet.plain.take(codes))
        return self._letters

    def before(self, first: int) -> str:
        """The last plain character before run `first` that the key keeps, none at its start."""
        text = self._text
        place = int(text.places[text.runs[first + self._first_run]]) - self._shift
        return text.plain[place : place + 1] if place >= 0 else ""

    def start(self, first: int, repeated: int) -> int:
        """Where a word starts that begins in run `first` with that symbol `repeated` times.

        The last members of the run, so that the span is the shortest; -1 when there are too few.
        """
        places, runs, run = self._text.places, self._text.runs, first + self._first_run
        stop = runs[run + 1] + 1 if run + 1 < len(runs) else len(places)
        member = stop - repeated
        return int(places[member]) - self._shift if member > runs[run] else -1

    def end(self, last: int) -> int:
        """Where a word ends whose last character is the first member of run `last`."""
        text = self._text
        return int(text.places[text.runs[last + self._first_run] + 1]) - self._shift + 1


class Scan:
    """A text as code points and their kinds.

    After `look_and_sound` also the `places` of what the keys keep, the looks before the sounds, and
    in `runs` for each run of a symbol the number of the place before its first.
    """

    __slots__ = ("_framed", "_plain", "alphabet", "codes", "kinds", "places", "runs", "text")

    def __init__(self, text: str, alphabet: Alphabet) -> None:
        codes = np.frombuffer(utf_32_le_encode(_BREAK + text, "surrogatepass")[0], np.uint32)
        self.text = text
        self.alphabet = alphabet
        self._framed: Indexes = codes.astype(np.intp)
        self.codes: Indexes = self._framed[1:]
        self.kinds = alphabet.kind.take(self.codes).tobytes()
        self._plain: str | None = None
        self.places: Places
        self.runs: Places

    @property
    def plain(self) -> str:
        """The text in plain characters, place by place."""
        if self._plain is None:
            self._plain = _decoded(self.alphabet.plain.take(self.codes))
        return self._plain

    def places_of(self, kind: int) -> Iterator[int]:
        """Where characters of a kind stand."""
        # A byte is found faster than a pattern.
        place = self.kinds.find(kind)
        while place >= 0:
            yield place
            place = self.kinds.find(kind, place + 1)

    def look_and_sound(self) -> tuple[Key, Key]:
        """The key of look-alikes (letters, digits, ideographs), then that of homophones."""
        # In one go, as the calls cost more than a post does: a break, the looks, `SOUNDS`, the
        # sounds. Nothing looks like `SOUNDS`, so that the first is where the looks end.
        symbols = self.alphabet.keys.take(self._framed, 1).ravel()
        self.places = symbols.astype(np.bool_).nonzero()[0]
        kept = symbols.take(self.places)
        later = kept[1:]
        self.runs = (later != kept[:-1]).nonzero()[0]
        looks, _, sounds = _decoded(later.take(self.runs)).partition(_SOUNDS)
        return (
            Key(looks, self, 0, 1),
            Key(sounds, self, len(looks) + 1, len(self._framed) + 1),
        )


def _decoded(codes: Codes) -> str:
    # The codec itself: bytes.decode goes through a Python function for UTF-32.
    return utf_32_le_decode(codes.tobytes())[0]
