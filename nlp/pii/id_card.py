"""Resident identity cards of mainland China (GB 11643), and the old ones of 15 digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlp.pii.digits import Run
from nlp.pii.surroundings import Surroundings

# GB/T 2260: the first two digits are a province; 81-83 are Hong Kong, Macau and Taiwan residents.
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_CITY = r"(?:[0-6][0-9]|70|90)"
_LONG = re.compile(
    # A foreigner's permanent residence card of 2023 has 9, the province and a country of 3 digits.
    rf"(?:{_PROVINCE}{_CITY}[0-9]{{2}}|9{_PROVINCE}[0-9]{{3}})"
    r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])[0-9]{3}[0-9x]"
)
_SHORT = re.compile(rf"{_PROVINCE}{_CITY}[0-9]{{2}}([0-9]{{2}})([01][0-9])([0-3][0-9])[0-9]{{3}}")
_LATEST_BIRTH = 2049
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"


def id_cards(run: Run, around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are identity cards.

    The 18 characters need a province, a city, a day of the calendar and the check character of
    GB 11643 (ISO 7064, MOD 11-2); the old 15 digits, which prove less, need to be announced.
    """
    if len(run.digits) < 15:
        return
    for first in run.beginnings():
        long = _LONG.match(run.digits, first)
        if long is not None and run.may_end(long.end()):
            start, end = run.span(first, long.end())
            if (
                _is_day(int(long[1]), int(long[2]), int(long[3]))
                and check_character(long[0][:17]) == long[0][17]
                and around.stands_free(start, end)
                and not around.is_credit_code(start)
            ):
                yield start, end
            continue
        short = _SHORT.match(run.digits, first)
        if short is not None and run.may_end(short.end()):
            start, end = run.span(first, short.end())
            if (
                _is_day(1900 + int(short[1]), int(short[2]), int(short[3]))
                and around.is_id_card(start)
                and around.stands_free(start, end)
            ):
                yield start, end


def check_character(body: str) -> str:
    """The eighteenth character, 0-9 or x, for the seventeen digits before it (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _is_day(year: int, month: int, day: int) -> bool:
    if year > _LATEST_BIRTH:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
