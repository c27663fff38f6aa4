"""Instants to counts per bucket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta


def window_counts(
    instants: Iterable[datetime], *, end: datetime, width: timedelta, buckets: int
) -> tuple[int, ...]:
    """How many instants fall into each of `buckets` windows of `width` that end at `end`.

    Oldest first; a window holds its start and not its end, so nothing at or after `end` counts and
    a count depends on the past alone. All instants are aware. Raises ValueError for a width or
    number of buckets that is not positive.
    """
    if width <= timedelta(0) or buckets <= 0:
        raise ValueError(f"need a positive width and number of buckets, not {width} and {buckets}")
    counts = [0] * buckets
    start = end - width * buckets
    for instant in instants:
        if start <= instant < end:
            counts[(instant - start) // width] += 1
    return tuple(counts)
