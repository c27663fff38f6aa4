"""Instants of requests: aware, in UTC, inside the years that UTC has."""

from __future__ import annotations

from datetime import UTC, datetime


def to_utc(instant: datetime) -> datetime:
    """The instant in UTC. Raises ValueError at the edges of the calendar."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from None
