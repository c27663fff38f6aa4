"""Bank cards: an issuer's prefix, its length and the check digit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.pii.digits import Run
from nlp.pii.surroundings import Surroundings

# The prefixes of ISO/IEC 7812 with the lengths in use; UnionPay's 62 and the older Chinese ranges.
_ISSUERS: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (re.compile(r"62"), (19, 18, 17, 16)),
    (re.compile(r"9558|9559|6858|6907|6013|6033"), (19, 18, 16)),
    (re.compile(r"4"), (16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"35(?:2[89]|[3-8])"), (16,)),
    (re.compile(r"6011|64[4-9]|65"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3(?:0[0-5]|[689])"), (14,)),
)
# How a card is written in groups: fours, with the rest at the end; American Express 4-6-5.
_SHAPES = re.compile(r"(?:4,)*[1-4],|4,6,5,|6,1[0-3],|4,1[0-5],|(?:1,)+|4,4,4,[4-7],|1[4-9],")


def bank_cards(run: Run, around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are bank cards by prefix, length, grouping and Luhn."""
    if len(run.digits) < 14:
        return
    for first in run.beginnings():
        for prefix, lengths in _ISSUERS:
            if prefix.match(run.digits, first) is None:
                continue
            for length in lengths:
                stop = first + length
                if (
                    run.may_end(stop)
                    and _is_grouped(run.shape(first, stop))
                    and passes_luhn(run.digits[first:stop])
                    and _is_free(around, *run.span(first, stop))
                ):
                    yield run.span(first, stop)
                    break
            break


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others: every second from the right doubled, modulo 10.

    ISO/IEC 7812-1, annex B. A digit x never passes, and neither do zeros alone.
    """
    if "x" in digits or not digits.strip("0"):
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_grouped(shape: tuple[int, ...]) -> bool:
    return _SHAPES.fullmatch("".join(f"{size}," for size in shape)) is not None


def _is_free(around: Surroundings, start: int, end: int) -> bool:
    return (
        around.stands_free(start, end)
        and not around.is_identifier(start)
        and not around.is_quantity(start, end)
    )
