"""How long an item may wait on its line, and the instants that follow. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.moderation.review.lifecycle import Line

WARN = "review.warn"
OVERDUE = "review.overdue"
TWICE = "review.twice_overdue"
KINDS = (WARN, OVERDUE, TWICE)
"""The timers of an item; its subject is (SUBJECT, its id)."""
SUBJECT = "review_item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The longest waits. An appeal has its own, on whichever line; so has a second opinion."""

    second: timedelta = timedelta(hours=2)
    third: timedelta = timedelta(hours=24)
    legal: timedelta = timedelta(hours=24)
    appeal: timedelta = timedelta(hours=24)
    opinion: timedelta = timedelta(hours=24)

    def of(self, line: Line, *, appealed: bool = False, opinion: bool = False) -> timedelta:
        """The limit of an item on that line."""
        if opinion:
            return self.opinion
        if appealed:
            return self.appeal
        return {Line.SECOND: self.second, Line.THIRD: self.third, Line.LEGAL: self.legal}[line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """When an item is warned of, when it is overdue, and when that is a scandal. UTC."""

    warn_at: datetime
    due_at: datetime
    twice_at: datetime


def ages(entered_at: datetime, limit: timedelta) -> Ages:
    """A warning at half the limit, an alarm of its own at twice the limit."""
    return Ages(
        warn_at=entered_at + limit / 2,
        due_at=entered_at + limit,
        twice_at=entered_at + 2 * limit,
    )
