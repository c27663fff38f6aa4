"""Mobile numbers of mainland China, Hong Kong, Macau and Taiwan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.pii.digits import Run
from nlp.pii.surroundings import Surroundings

# The ranges the ministry has given to mobile networks and their resellers.
_MAINLAND = re.compile(
    r"((?:00)?86|0)?1(?:3[0-9]|4[0145-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}"
)
_ABROAD = re.compile(
    r"(?:00)?(?:852(?:[4-9][0-9]{7})|853(?:6[0-9]{7})|8860?(?:9[0-9]{8}))"  # HK, Macau, Taiwan
)
_TAIWAN_AT_HOME = re.compile(r"09[0-9]{8}")
# 3-4-4 and its kin, all apart, or all together; others only where a telephone is announced.
_USUAL: frozenset[tuple[int, ...]] = frozenset(
    (
        *((11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5)),
        *((3, 4, 2, 2), (3, 2, 2, 2, 2), (1,) * 11),
    )
)
_TAIWAN_USUAL: frozenset[tuple[int, ...]] = frozenset(((4, 3, 3), (4, 6)))
_MOST_GROUPS = 5
_PLUS = re.compile(r"(?:\+|\(\+?)$")


def mobiles(run: Run, around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are mobile numbers, with their country codes.

    A number announced as an order or followed by a unit is none; a number outside the mainland
    needs its country code (a Taiwanese one may do with being announced as a telephone).
    """
    if len(run.digits) < 10:
        return
    for first in run.beginnings():
        stop = _mainland(run, first, around) or _abroad(run, first, around)
        if stop is None:
            continue
        start, end = run.span(first, stop)
        start = with_plus(around.view, start)
        if (
            around.stands_free(start, end)
            and not around.is_identifier(start)
            and not around.is_quantity(start, end)
        ):
            yield start, end


def with_plus(view: str, start: int) -> int:
    """Where the number begins when the plus or bracket of its country code is counted in."""
    match = _PLUS.search(view[max(0, start - 2) : start])
    return start if match is None else start - len(match[0])


def _mainland(run: Run, first: int, around: Surroundings) -> int | None:
    match = _MAINLAND.match(run.digits, first)
    if match is None or not run.may_end(match.end()):
        return None
    prefix = len(match[1] or "")
    shape = run.shape(first + prefix, match.end())
    apart = run.places[first + prefix] != run.places[first + max(prefix - 1, 0)] + 1
    if prefix and apart and shape[0] != 1:
        # A number of its own before a blank is no country code: 第86 13800138000.
        start = run.places[first]
        if with_plus(around.view, start) == start and not match[1].startswith("00"):
            return None
    if shape in _USUAL:
        return match.end()
    announced = around.is_phone(run.places[first]) and len(shape) <= _MOST_GROUPS
    return match.end() if announced else None


def _abroad(run: Run, first: int, around: Surroundings) -> int | None:
    match = _ABROAD.match(run.digits, first)
    start = run.places[first]
    if match is not None and run.may_end(match.end()):
        coded = with_plus(around.view, start) != start or match[0].startswith("00")
        split = run.shape(first, match.end())[0] == 3
        return match.end() if coded or split or around.is_phone(start) else None
    match = _TAIWAN_AT_HOME.match(run.digits, first)
    if match is None or not run.may_end(match.end()):
        return None
    shape = run.shape(first, match.end())
    return match.end() if shape in _TAIWAN_USUAL or around.is_phone(start) else None
