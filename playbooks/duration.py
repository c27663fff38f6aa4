"""Durations as people write them in content: `30s`, `10m`, `4h`, `7d`, added up as in `1h30m`."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHAPE = re.compile(r"(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


# A run has dozens of durations, and but few different ones: read anew with every deadline.
@lru_cache(maxsize=1024)
def parse_duration(text: str) -> timedelta:
    """Read a duration of whole seconds, largest unit first, longer than nothing.

    Raises BadValue, a ValueError, that says how durations are written.
    """
    match = _SHAPE.fullmatch(text)
    counts = match.groups(default="0") if match and text else None
    if counts is None:
        negative = text.startswith("-") and _SHAPE.fullmatch(text[1:])
        code = Mistake.NEGATIVE_DURATION if negative else Mistake.BAD_DURATION
        raise BadValue(code, f"{text!r} is not a duration: write 30s, 10m, 4h, 7d or 1h30m")
    seconds = sum(int(count) * size for count, size in zip(counts, _UNITS.values(), strict=True))
    if seconds == 0:
        message = f"{text!r} is no time at all: a duration is longer than 0"
        raise BadValue(Mistake.NEGATIVE_DURATION, message)
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """Write a duration of whole seconds so that `parse_duration` reads the same back."""
    rest = int(duration.total_seconds())
    parts = []
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)
