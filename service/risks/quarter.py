"""Quarters of the year, cut by the clock of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.errors import InvalidInput

_WRITTEN = re.compile(r"(20[0-9]{2}|21[0-9]{2})-?[qQ]([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """`number` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def following(self) -> Quarter:
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Midnight of its first day, as an instant in UTC."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """When the next one begins."""
        return self.following.begins(zone)


def quarter_at(at: datetime, zone: ZoneInfo) -> Quarter:
    """The one that an instant is in."""
    local = at.astimezone(zone)
    return Quarter(local.year, (local.month + 2) // 3)


def quarter_of(written: str) -> Quarter:
    """Out of words such as 2026-Q1. Raises InvalidInput."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        problem = "give a quarter such as 2026-Q1"
        raise InvalidInput(problem, errors=[("quarter", problem)])
    return Quarter(int(found[1]), int(found[2]))
