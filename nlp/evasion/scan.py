"""One pass over a text: its keys, and the place in the text of each symbol of a key."""

from __future__ import annotations

from codecs import utf_32_le_decode, utf_32_le_encode

import numpy as np
from numpy.typing import NDArray

from nlp.evasion.alphabet import DIGIT, LETTER, Alphabet, Codes, Indexes, Kinds

Places = NDArray[np.intp]


class Key:
    """What an automaton searches: a text without noise, one symbol for each run of a symbol.

    Symbol i stands for the members of `places` from `runs[i]` to before the next run, more than
    one where characters of one symbol follow each other; `runs` is None when none do.
    """

    # Not a dataclass: one is made twice a text, and most are looked at no further.
    __slots__ = ("_letters", "_places", "_runs", "_text", "symbols")

    def __init__(self, symbols: str, text: Scan, places: Places, runs: Places | None) -> None:
        self.symbols = symbols
        self._text, self._places, self._runs = text, places, runs
        self._letters: str | None = None

    @property
    def letters(self) -> str:
        """The first plain character behind each symbol."""
        if self._letters is None:
            places = self._places if self._runs is None else self._places.take(self._runs)
            plain = self._text.alphabet.plain.take(self._text.codes.take(places))
            self._letters = _decoded(plain.astype(np.uint32))
        return self._letters

    def start(self, first: int, repeated: int) -> int:
        """Where a word starts that begins in run `first` with that symbol `repeated` times.

        The last members of the run, so that the span is the shortest; -1 when there are too few.
        """
        runs = self._runs
        if runs is None:
            return int(self._places[first]) if repeated == 1 else -1
        stop = runs[first + 1] if first + 1 < len(runs) else len(self._places)
        member = stop - repeated
        return int(self._places[member]) if member >= runs[first] else -1

    def end(self, last: int) -> int:
        """Where a word ends whose last character is the first member of run `last`."""
        return int(self._places[last if self._runs is None else self._runs[last]]) + 1


class Scan:
    """A text as code points and their kinds."""

    __slots__ = ("_plain", "alphabet", "codes", "kind", "kinds", "text")

    def __init__(self, text: str, alphabet: Alphabet) -> None:
        codes = np.frombuffer(utf_32_le_encode(text, "surrogatepass")[0], np.uint32)
        self.text = text
        self.alphabet = alphabet
        self.codes: Indexes = codes.astype(np.intp)
        self.kind: Kinds = alphabet.kind.take(self.codes)
        self.kinds = self.kind.tobytes()
        self._plain: str | None = None

    @property
    def plain(self) -> str:
        """The text in plain characters, place by place."""
        if self._plain is None:
            self._plain = _decoded(self.alphabet.plain.take(self.codes).astype(np.uint32))
        return self._plain

    def skeleton(self) -> Key:
        """The key of look-alikes: letters, digits and ideographs."""
        return self._key(self.alphabet.skeleton, DIGIT)

    def sound(self) -> Key:
        """The key of homophones: letters and ideographs."""
        return self._key(self.alphabet.sound, LETTER)

    def _key(self, table: Codes, least: int) -> Key:
        places = (self.kind >= least).nonzero()[0]
        symbols = table.take(self.codes.take(places))
        differs = symbols[1:] != symbols[:-1]
        if b"\0" not in differs.tobytes():
            return Key(_decoded(symbols), self, places, None)
        first = np.empty(len(places), np.bool_)
        first[0] = True
        first[1:] = differs
        runs = first.nonzero()[0]
        return Key(_decoded(symbols.take(runs)), self, places, runs)


def _decoded(codes: Codes) -> str:
    # The codec itself: bytes.decode goes through a Python function for UTF-32.
    return utf_32_le_decode(codes.tobytes())[0]
