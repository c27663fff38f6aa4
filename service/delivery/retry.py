"""When to try again, and when to stop: pure decisions over one attempt's result.

Policy. Any 2xx is sent. 410 is gone: dead at once, and the channel is switched off. What a sender
calls refused is dead at once, since the same bytes would be refused again and a person must hear
of it now rather than in three days. All else, timeouts, redirects and the other 4xx included, is
tried again: receivers come back, credentials and routes get repaired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from service.delivery.model import DeliveryState, SendOutcome, SendResult

SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait before each attempt; of Standard Webhooks 1.0. The last one is 75 h 35 min after."""

JITTER = 0.2
THROTTLED = frozenset({429, 502, 503, 504})
THROTTLE_FLOOR = timedelta(seconds=60)
"""The least wait after a 429 that names none."""
PATIENCE = timedelta(minutes=10)
"""The longest that Retry-After stretches a short wait to: a page is not put off for a day."""
HOLD = timedelta(seconds=60)
"""The longest time for which one failure keeps a channel's other messages waiting."""


class Ending(StrEnum):
    """Why a delivery stands where it stands."""

    SENT = "sent"
    WAITING = "waiting"
    REFUSED = "refused"
    GONE = "gone"
    EXHAUSTED = "exhausted"
    PERISHED = "perished"
    """Worth nothing late, such as a heartbeat: one attempt and no more."""
    NEEDLESS = "needless"
    CHANNEL_MISSING = "channel_missing"
    CHANNEL_DISABLED = "channel_disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a delivery. `hold` keeps the whole channel back for a while."""

    state: DeliveryState
    ending: Ending
    next_at: datetime | None = None
    hold: timedelta | None = None


def decide(
    result: SendResult,
    *,
    attempts: int,
    at: datetime,
    random: Callable[[], float],
    perishable: bool = False,
) -> Verdict:
    """The verdict on attempt number `attempts` (from 1) that ended at `at`.

    `random` answers in [0, 1) and spreads the waits by ±20 %.
    """
    hold = _hold(result, random=random)
    match result.outcome:
        case SendOutcome.SENT:
            return Verdict(state=DeliveryState.SENT, ending=Ending.SENT)
        case SendOutcome.NEEDLESS:
            return Verdict(state=DeliveryState.WITHDRAWN, ending=Ending.NEEDLESS)
        case SendOutcome.GONE:
            return Verdict(state=DeliveryState.DEAD, ending=Ending.GONE)
        case SendOutcome.REFUSED:
            return Verdict(state=DeliveryState.DEAD, ending=Ending.REFUSED)
        case SendOutcome.RETRY if perishable:
            return Verdict(state=DeliveryState.DEAD, ending=Ending.PERISHED, hold=hold)
        case SendOutcome.RETRY if attempts >= len(SCHEDULE):
            return Verdict(state=DeliveryState.DEAD, ending=Ending.EXHAUSTED, hold=hold)
        case SendOutcome.RETRY:
            wait = delay(attempts, result=result, random=random)
            return Verdict(
                state=DeliveryState.PENDING,
                ending=Ending.WAITING,
                next_at=at + wait,
                hold=hold,
            )
        case other:
            assert_never(other)


def delay(attempts: int, *, result: SendResult, random: Callable[[], float]) -> timedelta:
    """The wait after attempt number `attempts`.

    The scheduled one with jitter, stretched to Retry-After as far as twice the scheduled wait or
    PATIENCE, whichever is longer.
    """
    base = SCHEDULE[attempts]
    wait = base * (1 - JITTER + 2 * JITTER * random())
    wish = result.retry_after
    if wish is None and result.status == 429:
        wish = THROTTLE_FLOOR
    if wish is None:
        return wait
    return max(wait, min(wish, max(2 * base, PATIENCE)))


def _hold(result: SendResult, *, random: Callable[[], float]) -> timedelta | None:
    """How long to spare a receiver that is down or wants less: it would fail the next one too."""
    retried = result.outcome is SendOutcome.RETRY
    unreachable = result.status is None and retried
    # Chat robots answer 200 and say in the body that they want less.
    asked = result.retry_after is not None and retried
    if not unreachable and not asked and result.status not in THROTTLED:
        return None
    return min(delay(1, result=result, random=random), HOLD)
