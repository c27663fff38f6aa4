"""Dates as feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from time import struct_time

_ZONE_NAME = re.compile(r"\s+\(?([A-Z]{2,5})\)?$")
_PLAIN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?|分)?)?"
)
_MAX_DATE = 100


def parse_date(
    text: str | None, *, zone: tzinfo, parsed: struct_time | None = None
) -> datetime | None:
    """Read a date of RFC 822, ISO 8601 or the usual Chinese forms; None if it is none.

    A date without a zone is meant in `zone`. So is one with the name that `zone` goes by: CST is
    Chicago to a mail program, and Shanghai in a Chinese feed. `parsed` is what the feed library
    made of the text (UTC), for forms beyond these. The answer is aware UTC.
    """
    if text is None:
        return None
    text = text.strip()[:_MAX_DATE]
    for read in (_iso, _mail, _plain):
        instant = read(text, zone)
        if instant is not None:
            return instant
    if parsed is not None:
        try:
            return datetime(*parsed[:6], tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def _iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text), zone)
    except ValueError:
        return None


def _mail(text: str, zone: tzinfo) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    name = _ZONE_NAME.search(text)
    if name is not None and instant.replace(tzinfo=zone).tzname() == name.group(1):
        instant = instant.replace(tzinfo=zone)
    return _utc(instant, zone)


def _plain(text: str, zone: tzinfo) -> datetime | None:
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in match.groups())
    try:
        return _utc(datetime(year, month, day, hour, minute, second, tzinfo=zone), zone)
    except ValueError:
        return None


def _utc(instant: datetime, zone: tzinfo) -> datetime | None:
    try:
        aware = instant if instant.utcoffset() is not None else instant.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
