"""How fast a channel may send: a pure decision over one remembered instant.

The generic cell rate algorithm: `spent_until` is how far the allowance is spent, in time. In any
60 seconds a channel sends at most `per_minute` messages, `burst` of them at once after a rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(seconds=10)
"""By which the clocks of replicas may differ without a message too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """An allowance. `digests`: what does not fit is told in one message, instead of waiting;
    `most` is how many the receiver shows whole in one.
    """

    per_minute: int
    burst: int
    digests: bool = True
    most: int = 30

    def __post_init__(self) -> None:
        if not 0 < self.burst < self.per_minute:
            raise ValueError(f"0 < burst < per_minute, not {self.burst} of {self.per_minute}")

    @property
    def interval(self) -> timedelta:
        """Between two messages in the long run: what the burst has left of the minute."""
        return timedelta(seconds=60) / (self.per_minute - self.burst)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A pace and whose it is: a robot's, which several channels may share, or a channel's own."""

    key: str
    pace: Pace


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
    """May one message go at `now`? A `spent_until` further ahead than sending can bring it is by a
    clock that was wrong: one may go, and the pace begins anew.
    """
    slack = pace.interval * (pace.burst - 1)
    spent = max(now, spent_until or now)
    if spent > now + slack + pace.interval + SKEW:
        spent = now + slack
    if spent - now > slack:
        return Allowance(granted=False, last=True, spent_until=spent, free_at=spent - slack)
    after = spent + pace.interval
    return Allowance(
        granted=True, last=after - now > slack, spent_until=after, free_at=max(now, after - slack)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The same for several limits at once; `spent_until` is by their keys."""

    granted: bool
    last: bool
    free_at: datetime
    spent_until: Mapping[str, datetime]


def allow_within(
    limits: Sequence[Limit], *, spent: Mapping[str, datetime], now: datetime
) -> Spending:
    """May one message go at `now`, by all of `limits`? `spent` is by their keys."""
    found = {
        limit.key: allow(limit.pace, spent_until=spent.get(limit.key), now=now) for limit in limits
    }
    return Spending(
        granted=all(each.granted for each in found.values()),
        last=any(each.last for each in found.values()),
        free_at=max((each.free_at for each in found.values()), default=now),
        spent_until={key: each.spent_until for key, each in found.items()},
    )
