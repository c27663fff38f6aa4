"""What a site says of our quota: X-RateLimit-*, X-Rate-Limit-* and RateLimit-* headers.

Sites agree on the names and on little else. The reset is an instant in ISO 8601 (Mastodon), an
epoch in seconds (GitHub, V2EX) or milliseconds, or the seconds that are left (Reddit, the IETF
draft); what remains may be a fraction (Reddit).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_PREFIXES = ("x-ratelimit-", "x-rate-limit-", "ratelimit-")
_EPOCH_FROM = 1_000_000_000.0
_MILLISECONDS_FROM = 1_000_000_000_000.0
_LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Requests that remain, and how long until they are counted anew; None where not said."""

    remaining: float | None
    resets_in: timedelta | None

    @property
    def spent_for(self) -> timedelta | None:
        """How long to ask nothing, when less than one request remains; None otherwise."""
        return self.resets_in if self.remaining is not None and self.remaining < 1 else None


def read_quota(headers: Mapping[str, str], *, now: datetime) -> Quota:
    """Read the quota; header names are lower case, a reset lies at most 24 hours ahead."""
    for prefix in _PREFIXES:
        remaining = _number(headers.get(prefix + "remaining"))
        if remaining is not None:
            reset = headers.get(prefix + "reset")
            return Quota(remaining=remaining, resets_in=_resets_in(reset, now=now))
    return Quota(remaining=None, resets_in=None)


def _resets_in(text: str | None, *, now: datetime) -> timedelta | None:
    number = _number(text)
    if number is None:
        instant = _instant(text)
        wait = None if instant is None else instant - now
    elif number >= _EPOCH_FROM:
        epoch = number / 1_000 if number >= _MILLISECONDS_FROM else number
        wait = timedelta(seconds=min(epoch - now.timestamp(), _LONGEST.total_seconds()))
    else:
        wait = timedelta(seconds=min(number, _LONGEST.total_seconds()))
    return None if wait is None else max(timedelta(0), min(wait, _LONGEST))


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def _number(text: str | None) -> float | None:
    """The first number of a header such as `12;w=60, 3`; None if there is none."""
    first = (text or "").replace(";", ",").partition(",")[0].strip()
    try:
        number = float(first)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
