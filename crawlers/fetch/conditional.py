"""Asking only for what changed: validators out, validators in, and how long an answer holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_VALIDATOR = 1_024
_MAX_HORIZON = timedelta(days=7)
_MAX_AGE = re.compile(r"(?:^|[\s,])(s-maxage|max-age)\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def conditional_headers(validators: Mapping[str, str] | None) -> dict[str, str]:
    """The request headers that ask for an answer only if `validators` are outdated."""
    headers: dict[str, str] = {}
    for key, name in (("etag", "if-none-match"), ("last_modified", "if-modified-since")):
        value = (validators or {}).get(key)
        if value and len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable():
            headers[name] = value
    return headers


def read_validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The validators of an answer, to be given back next time; header names are lower case."""
    found = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
    return {key: value for key, value in found.items() if value and len(value) <= _MAX_VALIDATOR}


def freshness(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the answer says it holds: Cache-Control before Expires, less Age, at most a week.

    None when it says nothing, or says that it holds no longer (RFC 9111, section 4.2.1).
    """
    control = headers.get("cache-control", "")
    if "no-store" in control.lower() or "no-cache" in control.lower():
        return None
    age = headers.get("age", "")
    aged = timedelta(seconds=int(age)) if age.isascii() and age.isdigit() and len(age) < 9 else None
    ages = {name.lower(): int(seconds) for name, seconds in _MAX_AGE.findall(control)}
    if ages:
        seconds = ages.get("max-age", ages.get("s-maxage", 0))
        horizon = min(timedelta(seconds=seconds), _MAX_HORIZON) - (aged or timedelta(0))
    else:
        expires = parse_http_date(headers.get("expires", ""))
        if expires is None:
            return None
        horizon = min(expires - (parse_http_date(headers.get("date", "")) or now), _MAX_HORIZON)
    return horizon if horizon > timedelta(0) else None


def parse_http_date(text: str) -> datetime | None:
    """An HTTP date in UTC, in any of the three forms servers still send; None if it is none."""
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        # A zone of -0000 comes out naive and means UTC.
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return None
