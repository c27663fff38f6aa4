"""Instants as people write them on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import click


def read_instant(flag: str, text: str, zone: tzinfo) -> datetime:
    """A day or an instant, of `zone` where it names none, in UTC. Raises UsageError."""
    try:
        read = datetime.fromisoformat(text.strip())
        return (read if read.tzinfo is not None else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(
            f"{flag} {text}: give a day or an instant such as 2026-01-31 or 2026-01-31T08:00:00Z"
        ) from error
