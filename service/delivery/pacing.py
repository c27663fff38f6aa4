"""How fast a channel may send: a pure decision over one remembered instant.

The generic cell rate algorithm: `spent_until` is how far the allowance is spent, in time. In any
60 seconds a channel sends at most `per_minute` messages, `burst` of them at once after a rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """An allowance. `digests`: what does not fit is told in one message, instead of waiting."""

    per_minute: int
    burst: int
    digests: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.burst < self.per_minute:
            raise ValueError(f"0 < burst < per_minute, not {self.burst} of {self.per_minute}")

    @property
    def interval(self) -> timedelta:
        """Between two messages in the long run: what the burst has left of the minute."""
        return timedelta(seconds=60) / (self.per_minute - self.burst)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`granted`: send now, and remember `spent_until`; else nothing before `free_at`.

    `last` says that another message right after this one would have to wait.
    """

    granted: bool
    last: bool
    spent_until: datetime
    free_at: datetime


def allow(pace: Pace, *, spent_until: datetime | None, now: datetime) -> Allowance:
    """May one message go at `now`?"""
    spent = max(now, spent_until or now)
    slack = pace.interval * (pace.burst - 1)
    if spent - now > slack:
        return Allowance(granted=False, last=True, spent_until=spent, free_at=spent - slack)
    after = spent + pace.interval
    return Allowance(
        granted=True, last=after - now > slack, spent_until=after, free_at=max(now, after - slack)
    )
