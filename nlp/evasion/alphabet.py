"""What each code point is to the matcher: its plain form, its class of look-alikes, its sound.

Arrays over the code points, so that a text becomes its keys in a handful of vector operations.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.evasion.tables import SPELLED, Tables, load_tables
from nlp.text.characters import characters, fold, is_removed

Codes = NDArray[np.uint32]
Indexes = NDArray[np.intp]
"""Code points as numpy likes them for looking up; any other type is converted each time."""
Kinds = NDArray[np.uint8]

# Kinds, ordered so that one comparison says what stays in a key.
INVISIBLE = 0
"""Zero-width, format and combining characters: no distance at all."""
NOISE = 1
"""Symbols, emoji, spaces: what is put between the characters of a word."""
EMOJI = 2
"""Noise that can also be read out."""
PAUSE = 3
"""Punctuation of a sentence: parts two words more often than it hides one."""
DIGIT = 4
KEPT = 5
"""A symbol that some term is written with."""
READABLE = 6
"""As `KEPT`, for what can also be read out."""
LETTER = 7
IDEOGRAPH = 8
OTHER = 9
"""A letter of another script, or the end of a text: never inside a term's gap."""
EXPANDING = 10
"""What folds into several characters: ligatures, units and the like."""

BREAK = 0x10FFFF
"""Noncharacter between the texts of a batch."""
UNKNOWN = 1
"""Symbol of all that no word looked for is written with."""
SOUNDS = 2
"""Symbol of a `BREAK` among sounds, which no look has: where the one key of a text ends."""
FIRST_CODE = 3
_SYLLABLE = 0x100
"""First symbol of the sound alphabet: two bytes of UTF-8 each, which the automaton is quick on."""
_LIMIT = 0x110000
_PAUSES = '，。！？；：、…,!?;:\n\r\u2028\u2029。「」『』《》〈〉（）()“”"‘’【】[]{}'
# As pinyin is typed; the skeleton joins u and v.
_ROUNDED = "üǖǘǚǜÜǕǗǙǛ"
_IDEOGRAPHS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_OTHERS = ((0xAC00, 0xD7A4),)
_SCANNED = (range(0x3400), range(0xA000, 0xAC00), range(0xD7A4, 0xD800), range(0xFB00, 0x20000))


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """Arrays of one value a code point.

    `plain` undoes case, width, script and single-character disguises; `skeleton` joins look-alikes
    and `sound` homophones of the plain form under one symbol each; `kind` is one of the
    constants.
    """

    plain: Codes
    skeleton: Codes
    sound: Codes
    kind: Kinds
    symbols: dict[str, str]
    """Symbol of the sound alphabet by syllable."""
    keys: Codes
    """Two rows: the look and the sound of what each key keeps, 0 for what it leaves out."""

    def spelled(self, syllable: str) -> str:
        """The character that stands for a syllable written out in letters."""
        return chr(ord(self.symbols[syllable]) - _SYLLABLE + SPELLED)

    def keeping(self, extra: Iterable[str]) -> Alphabet:
        """The same with these symbols kept in the keys of look-alikes, because a term has them."""
        kind = self.kind.copy()
        for character in extra:
            written = self.plain == ord(character)
            kind[written] = READABLE if kind[ord(character)] == EMOJI else KEPT
        return replace(self, kind=kind, keys=_keys(self.skeleton, self.sound, kind))

    def coded(self, looks: Mapping[str, str], sounds: Mapping[str, str]) -> Alphabet:
        """The same with keys in these codes of symbols, and `UNKNOWN` for any other symbol."""
        look, sound = (
            _codes(codes)[of] for codes, of in ((looks, self.skeleton), (sounds, self.sound))
        )
        return replace(self, keys=_keys(look, sound, self.kind))


@cache
def alphabet() -> Alphabet:
    """The alphabet of the shipped tables, built once."""
    tables = load_tables()
    kind = _kinds()
    plain = _plain(tables)
    plain[0xD800:0xE000] = 0xFFFD
    # Also what is folded twice: ꭰ is Ꭰ, which looks like d.
    latin = (plain >= ord("a")) & (plain <= ord("z"))
    kind[latin & (kind != EXPANDING)] = LETTER
    symbols = {sound: chr(_SYLLABLE + place) for place, sound in enumerate(tables.spelled.values())}
    for place in range(len(symbols)):
        kind[SPELLED + place] = IDEOGRAPH
    kind[BREAK] = OTHER
    skeleton = _classes(tables)[plain]
    sound_of_plain = np.arange(_LIMIT, dtype=np.uint32)
    for character, sounds in tables.readings.items():
        sound_of_plain[ord(character)] = ord(symbols[sounds[0]])
    for place in range(len(symbols)):
        sound_of_plain[SPELLED + place] = _SYLLABLE + place
        # What really is such a letter must not pass for a syllable.
        sound_of_plain[_SYLLABLE + place] = BREAK
    sound = sound_of_plain[plain]
    for array in (skeleton, sound, kind):
        array.setflags(write=False)
    keys = _keys(skeleton, sound, kind)
    return Alphabet(plain, skeleton, sound, kind, symbols, keys)


def _codes(codes: Mapping[str, str]) -> Codes:
    table = np.full(_LIMIT, UNKNOWN, dtype=np.uint32)
    for symbol, code in codes.items():
        table[ord(symbol)] = ord(code)
    return table


def _keys(skeleton: Codes, sound: Codes, kind: Kinds) -> Codes:
    keys = np.stack((skeleton * (kind >= DIGIT), sound * (kind >= LETTER)))
    keys[1, BREAK] = SOUNDS
    return keys


def _plain(tables: Tables) -> Codes:
    plain = np.arange(_LIMIT, dtype=np.uint32)
    single = characters().single
    for code in list(single):
        plain[code] = single[code]
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(int(plain[code])))[0]
        if base.isascii():
            plain[code] = ord(base)
    for code in map(ord, _ROUNDED):
        plain[code] = ord("v")
    for pairs in (tables.letters, tables.martian):
        for written, means in pairs.items():
            plain[ord(written)] = ord(means)
    # A disguise may be folded into another one: Σ is σ, which looks like o.
    return plain[plain[plain]]


def _classes(tables: Tables) -> Codes:
    """For each code point the least member of its class of look-alikes, joined transitively."""
    parent = np.arange(_LIMIT, dtype=np.uint32)

    def root(code: int) -> int:
        while parent[code] != code:
            code = int(parent[code])
        return code

    pairs = [(one, other) for one, others in tables.similar.items() for other in others]
    pairs += [(sign, letter) for sign, letters in tables.leet.items() for letter in letters]
    for one, other in pairs:
        low, high = sorted((root(ord(one)), root(ord(other))))
        parent[high] = low
    for code in {ord(character) for pair in pairs for character in pair}:
        parent[code] = root(code)
    return parent


def _kinds() -> Kinds:
    kind = np.full(_LIMIT, NOISE, dtype=np.uint8)
    for ranges, value in ((_IDEOGRAPHS, IDEOGRAPH), (_OTHERS, OTHER)):
        for start, stop in ranges:
            kind[start:stop] = value
    single = characters().single
    for block in _SCANNED:
        for code in block:
            kind[code] = _kind(single.get(code, code))
    pauses = set(map(ord, _PAUSES))
    kind[[*pauses, *(code for code, means in single.items() if means in pauses)]] = PAUSE
    tables = load_tables()
    kind[[ord(emoji) for emoji in tables.emoji]] = EMOJI
    for written, means in (*tables.letters.items(), *tables.martian.items()):
        kind[ord(written)] = _kind(ord(means))
    kind[0xE0000:0xE1000] = INVISIBLE
    simplified = characters().simplified
    for block in (*_SCANNED, range(0xF900, 0xFB00)):
        for code in block:
            if kind[code] != INVISIBLE and code not in single:
                folded = fold(chr(code), simplified)
                # An ellipsis becomes three full stops: noise either way.
                if len(folded) > 1 and any(character.isalnum() for character in folded):
                    kind[code] = EXPANDING
    return kind


def _kind(code: int) -> int:
    character = chr(code)
    if is_removed(code):
        return INVISIBLE
    if 0x3400 <= code < 0xA000 or 0x20000 <= code < 0x323B0:
        return IDEOGRAPH
    category = unicodedata.category(character)
    if category in ("Mn", "Me"):
        return INVISIBLE
    if category == "Nd":
        return DIGIT
    if category[0] == "L":
        return LETTER if code < 0x0E00 else OTHER
    return NOISE
