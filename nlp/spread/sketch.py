"""A text as a 64-bit sketch and a few bands: what is kept of it to find its copies.

Symbols are characters, whole words of alphabets, and numbers, which count double.

The sketch is Charikar's SimHash over the set of 2-grams of symbols (50 bits), a Bloom filter of
the numbers (8 bits), and the size of the set in steps of a sixth of an octave (6 bits). If a share
C of the smaller of two sets lies in the other, the cosine of their indicator vectors is
C * sqrt(smaller / larger), and SimHash bits differ with probability arccos(cosine) / pi (Charikar
2002). So sizes and bits together tell how much of the shorter text stands in the longer one:
containment, which an added comment or a cut end leaves whole while they lower resemblance. The
numbers of one text must be among the other's: bulletins made from one template differ in little
else.

Bands are the smallest hashes of the text's 4-grams (Broder's bottom-k sample, 1997): of a text
that is half of another one, half of the bands are in the other's.

Neither decides alone: among thousands of posts on one subject some have near sketches, and some a
phrase in common. What is left of the bands that a whole copy would share must be at least as large
a part as the bits have used up of those that may differ, so that far sketches need more bands.
"""

from __future__ import annotations

import math
import re
from codecs import utf_8_encode
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.spread.core_text import letters, without_asides

# Fewer symbols are no evidence of anything.
FEWEST_SYMBOLS = 6
MOST_SYMBOLS = 1_000
BANDS = 16
BITS = 50
# At this one the bits that may differ are used up, and all the bands would have to be shared.
LEAST_CONTAINMENT = 0.3
LEAST_SIZE_RATIO = 0.3
# Of the bands that a whole copy would share.
LEAST_SHARED = 0.4
FEWEST_SHARED = 2

_SKETCH_GRAM, _BAND_GRAM = 2, 4
_STEPS = 6
_NUMBER_BITS = 8
_LOW = (1 << BITS) - 1
_MIDDLE = (1 << BITS + _NUMBER_BITS) - 1 - _LOW
SIZE_AT = BITS + _NUMBER_BITS
_BAND_SHIFT = np.uint64(24)
# Signs put between digits leave a number what it is; a comma or a colon ends it.
_SYMBOL = re.compile(r"\d(?:[^\w,;:!?]{0,2}\d)*|[a-z\u00df-\u052f]+|[^\W_]")
_WORDS = 0x110000
"""Above all code points: words; numbers above 2 ** 33, so that they cannot be words."""
_NUMBERS = 1 << 33
# Odd numbers with well mixed bits (from the digits of pi), one for each place of a gram.
_PLACES = [
    np.uint64(value)
    for value in (0x3243F6A8885A308D, 0x313198A2E0370735, 0x4A4093822299F31D, 0x082EFA98EC4E6C89)
]
_MIX, _HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)

_Hashes = NDArray[np.uint64]


def sketched(speech: str) -> tuple[int, tuple[str, ...]]:
    """The sketch, 0 to 2**64 - 1, and the bands of a text; (0, ()) when it is too short.

    #Hashtags# and [emoticons] do not count beside other words; MOST_SYMBOLS symbols are read.
    """
    symbols, numbers = _symbols(without_asides(speech))
    if len(symbols) < FEWEST_SYMBOLS:
        return 0, ()
    pairs = np.unique(_grams(symbols, _SKETCH_GRAM))
    set_bits = np.unpackbits(pairs.view(np.uint8)).reshape(len(pairs), 64).sum(axis=0)
    majority = int(np.packbits(set_bits * 2 > len(pairs)).view(np.uint64)[0])
    size = round(_STEPS * math.log2(len(pairs)))
    smallest = np.unique(_grams(symbols, _BAND_GRAM) >> _BAND_SHIFT)[:BANDS]
    sketch = size << SIZE_AT | numbers << BITS | majority & _LOW
    return sketch, tuple([f"{value:010x}" for value in smallest.tolist()])


def distance(left: int, right: int, *, shared: int) -> int | None:
    """The number of differing bits of two sketches, or None when they are not of copies.

    `shared` is the number of bands that the texts have in common.
    """
    if left & ~right & _MIDDLE and right & ~left & _MIDDLE:
        return None
    one, other = left >> SIZE_AT, right >> SIZE_AT
    bits = ((left ^ right) & _LOW).bit_count()
    reach = _REACH[abs(one - other)]
    usual = _USUAL[min(one, other)][max(one, other)]
    if bits > reach or shared < max(FEWEST_SHARED, LEAST_SHARED * usual):
        return None
    return bits if shared * reach >= bits * usual else None


def _symbols(speech: str) -> tuple[_Hashes, int]:
    """The symbols and the Bloom filter of the numbers, of one hash."""
    symbols: list[int] = []
    numbers = 0
    for found in _SYMBOL.findall(speech):
        if found[0].isdecimal():
            number = crc32(utf_8_encode(letters(found))[0])
            symbols += (_NUMBERS + 2 * number, _NUMBERS + 2 * number + 1)
            numbers |= 1 << number % _NUMBER_BITS
        elif len(found) == 1:
            symbols.append(ord(found))
        else:
            symbols.append(_WORDS + crc32(utf_8_encode(found)[0]))
        if len(symbols) >= MOST_SYMBOLS:
            break
    return np.array(symbols, dtype=np.uint64), numbers


def _grams(symbols: _Hashes, length: int) -> _Hashes:
    """A well mixed hash of each run of symbols (murmur's final steps, other numbers)."""
    count = len(symbols) - length + 1
    hashes = symbols[:count] * _PLACES[0]
    for place in range(1, length):
        hashes += symbols[place : place + count] * _PLACES[place]
    for _ in range(2):
        hashes ^= hashes >> _HALF
        hashes *= _MIX
    return hashes ^ hashes >> _HALF


def _reach(steps: int) -> float:
    """How many bits of copies may differ whose sizes are so many steps apart; -1 is none."""
    ratio = 2 ** (-steps / _STEPS)
    if ratio < LEAST_SIZE_RATIO:
        return -1.0
    return BITS * math.acos(LEAST_CONTAINMENT * math.sqrt(ratio)) / math.pi


_REACH = tuple(_reach(steps) for steps in range(64))


def _usual(smaller: int, larger: int) -> float:
    """How many bands texts of such sizes (in steps) share when one holds the other whole."""
    # A text has two 4-grams less than 2-grams; a share of the larger one's are bands.
    few, many = (max(1.0, 2 ** (size / _STEPS) - 2) for size in (smaller, larger))
    return few * min(1.0, BANDS / many)


_USUAL = tuple(tuple(_usual(smaller, larger) for larger in range(64)) for smaller in range(64))
