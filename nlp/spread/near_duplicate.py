"""Keys under which copies of one text meet.

`exact` hashes the core of the text. `simhash` is Charikar's 64-bit fingerprint over character
3-grams: similar texts differ in few bits. Texts whose fingerprints differ in at most MAX_DISTANCE
bits are copies; unrelated ones differ in 32 ± 4. Bands cut the fingerprint into seven pieces, so
that copies can be looked up: up to six differing bits leave one band equal for sure, ten leave one
for four texts in five.
"""

from __future__ import annotations

import hashlib
from functools import cache

from nlp.analysis import CopyKey
from nlp.spread.core_text import core_text

VERSION = "simhash-1"

# A 3-gram touches three places: in a shorter text one changed word moves every bit.
MIN_CHARACTERS = 16
MAX_GRAMS = 400
MAX_DISTANCE = 10

_BANDS = ((0, 10), (10, 9), (19, 9), (28, 9), (37, 9), (46, 9), (55, 9))
_MASK = (1 << 64) - 1
# Odd constants with well mixed bits (from the digits of pi), one for each place of the 3-gram.
_FIRST, _SECOND, _THIRD, _FINAL = (
    0x3243F6A8885A308D,
    0x313198A2E0370735,
    0x4A4093822299F31D,
    0x082EFA98EC4E6C89,
)
# Sixteen counters of 16 bits in one integer: adding two adds all of them, without a carry between,
# since no more than MAX_GRAMS are added.
_LANES, _LANE_BITS = 16, 16


def copy_key(normal: str, tokens: tuple[str, ...] = ()) -> CopyKey:
    """The key of a text in normal form; `tokens` are accepted for later schemes and not used.

    A text without words of its own has the empty `exact` and is nobody's copy; one of fewer than
    MIN_CHARACTERS characters has no bands and is a copy only of its equal.
    """
    core = core_text(normal)
    if not core:
        return CopyKey(exact="", simhash=0, bands=())
    digest = hashlib.blake2b(core.encode("utf-8", "surrogatepass"), digest_size=12)
    if len(core) < MIN_CHARACTERS:
        return CopyKey(exact=digest.hexdigest(), simhash=0, bands=())
    fingerprint = simhash(core)
    bands = tuple(
        f"{index}:{fingerprint >> shift & (1 << width) - 1:x}"
        for index, (shift, width) in enumerate(_BANDS)
    )
    return CopyKey(exact=digest.hexdigest(), simhash=fingerprint, bands=bands)


def simhash(core: str) -> int:
    """The 64-bit fingerprint of a text of at least three characters, from its first 3-grams."""
    codes = [ord(character) for character in core[: MAX_GRAMS + 2]]
    hashes = [
        _mixed(first * _FIRST + second * _SECOND + third * _THIRD)
        for first, second, third in zip(codes[:-2], codes[1:-1], codes[2:], strict=True)
    ]
    spread, tops, half = _spread(), _tops(), len(hashes) // 2
    # Adding this to a counter sets its top bit exactly when it is above half.
    above_half = _every_lane((1 << _LANE_BITS - 1) - 1 - half)
    fingerprint = 0
    for shift in (0, 16, 32, 48):
        counts = sum([spread[value >> shift & 0xFFFF] for value in hashes])
        bits = (counts + above_half & tops).to_bytes(_LANES * 2, "little")[1::2]
        for lane in range(_LANES):
            if bits[lane]:
                fingerprint |= 1 << shift + lane
    return fingerprint


def hamming(left: CopyKey, right: CopyKey) -> int:
    """The number of differing bits of two fingerprints, 0 to 64."""
    return (left.simhash ^ right.simhash).bit_count()


def is_copy(left: CopyKey, right: CopyKey) -> bool:
    """Whether two texts are copies of one another, exactly or nearly."""
    if not left.exact or not right.exact:
        return False
    if left.exact == right.exact:
        return True
    return bool(left.bands and right.bands) and hamming(left, right) <= MAX_DISTANCE


def _mixed(value: int) -> int:
    value &= _MASK
    value = (value ^ value >> 32) * _FINAL & _MASK
    return value ^ value >> 29


@cache
def _spread() -> tuple[int, ...]:
    """Each 16-bit value with its bits moved to the bottoms of sixteen counters."""
    table = [0]
    for lane in range(_LANES):
        one = 1 << lane * _LANE_BITS
        table += [value | one for value in table]
    return tuple(table)


@cache
def _tops() -> int:
    return _every_lane(1 << _LANE_BITS - 1)


def _every_lane(value: int) -> int:
    return sum(value << lane * _LANE_BITS for lane in range(_LANES))
