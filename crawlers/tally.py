"""Numbers as sites show them to people: 1.2万, 3亿+, 12,345, 4.5k, 123 万热度."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+|\d{1,18})(?!\d)(\.\d{1,6})?"
    r"\s*([十百千]?)([kmbw](?![a-z])|[万亿]?)",
    re.IGNORECASE,
)
_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "k": 1_000,
    "万": 10_000,
    "w": 10_000,
    "m": 1_000_000,
    "亿": 100_000_000,
    "b": 1_000_000_000,
}
_LARGEST = 2**63 - 1
_LONGEST = 100


def read_tally(value: Any) -> int | None:
    """The count that a number or a text such as `1.2万` stands for; None where there is none.

    Of a text the first number counts, rounded down; `1万+` is 10,000. Negative and not finite
    numbers, and those above 2**63 - 1, are none.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value <= _LARGEST else None
    if not isinstance(value, str) or value.lstrip().startswith("-"):
        return None
    found = _NUMBER.search(value[:_LONGEST])
    if found is None:
        return None
    whole, fraction, unit, scale = found.groups()
    number = Decimal(re.sub("[,，]", "", whole) + (fraction or ""))
    scaled = int(number * _SCALES[unit] * _SCALES[scale.lower()])
    return scaled if scaled <= _LARGEST else None
