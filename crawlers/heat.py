"""When a post is read again: hot ones on a widening schedule, cold ones no more. Pure.

A post is hot while an incident is open that has it as evidence, or while its counters rise. The
first look comes after FIRST, each further one after twice the wait before, up to LONGEST; a post
that has risen since the last look is looked at again sooner.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crawlers.post import Engagement
from crawlers.rate import RateLimit

FIRST = timedelta(minutes=10)
LONGEST = timedelta(days=1)
COLD_AFTER = 3
"""Looks in a row without a rise, after which a post that no open incident has is cold."""
JITTER = 0.1
"""Waits are spread by up to this share to either side, by the post's id."""

SHARE = 0.25
"""How much of a site's pace may go into reading again."""
UNPACED_AN_HOUR = 60
MOST_AN_HOUR = 240

RISE_LEAST = 5
RISE_SHARE = 0.1
_WIDEST = 20


class Heat(StrEnum):
    """Why a post is looked at again, or that it is not."""

    INCIDENT = "incident"
    """An open incident has it as evidence."""
    RISING = "rising"
    COLD = "cold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the looks so far came to: `step` doublings of the wait, `still` looks without a rise."""

    step: int = 0
    still: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLook:
    """What to remember after a look; `due_at` is None for a post that has gone cold."""

    heat: Heat
    looks: Looks
    due_at: datetime | None


def first_look(post_id: str, *, now: datetime) -> datetime:
    """When a post that has become hot at `now` is read again for the first time."""
    return now + _jittered(FIRST, post_id)


def next_look(
    post_id: str, looks: Looks, *, rose: bool, in_incident: bool, now: datetime
) -> NextLook:
    """Decide after a look at `now` when the next one is due.

    `rose` says whether its counters rose, or its words changed, since the look before.
    """
    if rose:
        looks = Looks(step=looks.step // 2)
    else:
        looks = Looks(step=min(looks.step + 1, _WIDEST), still=looks.still + 1)
    if not in_incident and looks.still >= COLD_AFTER:
        return NextLook(heat=Heat.COLD, looks=looks, due_at=None)
    return NextLook(
        heat=Heat.INCIDENT if in_incident else Heat.RISING,
        looks=looks,
        due_at=now + _jittered(wait_of(looks.step), post_id),
    )


def wait_of(step: int) -> timedelta:
    """The wait after so many doublings, without jitter."""
    factor: int = 2 ** min(step, _WIDEST)
    return min(FIRST * factor, LONGEST)


def has_risen(before: Engagement, after: Engagement) -> bool:
    """Whether reposts, comments and likes together grew by RISE_LEAST acts and by RISE_SHARE."""
    was, now = acts(before), acts(after)
    return now - was >= max(RISE_LEAST, RISE_SHARE * was)


def acts(engagement: Engagement) -> int:
    """Reposts, comments and likes; what the source does not give counts as none."""
    return sum(count or 0 for count in (engagement.reposts, engagement.comments, engagement.likes))


def requests_an_hour(rate: RateLimit | None) -> int:
    """How many requests an hour may read again what was read: reading what is new goes first."""
    if rate is None:
        return UNPACED_AN_HOUR
    paced = SHARE * rate.requests * (timedelta(hours=1) / rate.period)
    return max(1, min(MOST_AN_HOUR, int(paced)))


def _jittered(wait: timedelta, post_id: str) -> timedelta:
    """The same post always gets the same share: a restart does not move it."""
    digest = hashlib.sha256(post_id.encode("utf-8", "surrogatepass")).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return wait * (1 + JITTER * (2 * share - 1))
