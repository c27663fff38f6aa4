"""When to pull a source again: by what it brought, what it asks for and how often it failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_MAX_RETRY_AFTER = timedelta(hours=24)


class CadenceReason(StrEnum):
    """Why a source is due when it is due."""

    ACTIVITY = "activity"
    QUIET = "quiet"
    HINT = "hint"
    MORE_WAITING = "more_waiting"
    RETRY_AFTER = "retry_after"
    BACKOFF = "backoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The operator's bounds. A post must be seen within ten minutes, hence the ceiling of five.

    `target` is how many new posts a pull should bring: fewer, and we ask less often. `backoff_cap`
    bounds the wait after failures, `jitter` spreads the waits by that share to either side.
    """

    floor: timedelta = timedelta(seconds=60)
    ceiling: timedelta = timedelta(minutes=5)
    backoff_cap: timedelta = timedelta(hours=1)
    target: int = 5
    jitter: float = 0.1

    def __post_init__(self) -> None:
        if not timedelta(0) < self.floor <= self.ceiling:
            raise ValueError("a cadence needs 0 < floor <= ceiling")
        if self.backoff_cap < self.floor or self.target < 1 or not 0 <= self.jitter < 1:
            raise ValueError("a cadence needs backoff_cap >= floor, target >= 1, 0 <= jitter < 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """New posts of a good pull, and the time since the good pull before (None: there was none)."""

    posts: int
    elapsed: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceDecision:
    """The instant of the next pull and why then."""

    at: datetime
    reason: CadenceReason


def next_due(
    now: datetime,
    *,
    cadence: Cadence,
    random: Callable[[], float],
    activity: Activity | None = None,
    previous: timedelta | None = None,
    hint: timedelta | None = None,
    retry_after: timedelta | None = None,
    failures: int = 0,
) -> CadenceDecision:
    """Decide when to pull again after a pull that ended at `now`.

    After a good pull (`failures` 0) the wait follows `activity`, starting from the `previous` wait;
    the source's `hint` (TTL, Cache-Control) may stretch it up to the ceiling and no further, since
    the operator's promise of being fast wins; a hint of zero means that more is waiting. After
    `failures` in a row the wait doubles from the floor up to the cap. A `retry_after` is obeyed in
    full, up to a day, and jitter only ever lengthens it. `random` answers in [0, 1).
    """
    if failures > 0:
        backoff = _backoff(cadence, failures)
        if retry_after is not None and retry_after > backoff:
            wait = min(retry_after, _MAX_RETRY_AFTER) * (1 + cadence.jitter * random())
            return CadenceDecision(at=now + wait, reason=CadenceReason.RETRY_AFTER)
        return CadenceDecision(
            at=now + _jittered(backoff, cadence, random), reason=CadenceReason.BACKOFF
        )
    if hint == timedelta(0):
        return CadenceDecision(at=now, reason=CadenceReason.MORE_WAITING)
    wait, reason = _by_activity(cadence, activity, previous)
    if hint is not None and hint > wait:
        wait, reason = min(hint, cadence.ceiling), CadenceReason.HINT
    jittered = _jittered(wait, cadence, random)
    return CadenceDecision(at=now + min(jittered, cadence.ceiling), reason=reason)


def _backoff(cadence: Cadence, failures: int) -> timedelta:
    doublings = min(failures - 1, 30)  # 2**30 floors are decades: beyond any cap
    factor: int = 2**doublings
    return min(cadence.backoff_cap, cadence.floor * factor)


def _by_activity(
    cadence: Cadence, activity: Activity | None, previous: timedelta | None
) -> tuple[timedelta, CadenceReason]:
    if activity is not None and activity.posts > 0:
        if activity.elapsed is None:
            return cadence.floor, CadenceReason.ACTIVITY
        wait = activity.elapsed * (cadence.target / activity.posts)
        return _clamped(wait, cadence), CadenceReason.ACTIVITY
    wait = cadence.floor if previous is None else previous * 1.5
    return _clamped(wait, cadence), CadenceReason.QUIET


def _clamped(wait: timedelta, cadence: Cadence) -> timedelta:
    return max(cadence.floor, min(wait, cadence.ceiling))


def _jittered(wait: timedelta, cadence: Cadence, random: Callable[[], float]) -> timedelta:
    return wait * (1 + cadence.jitter * (2 * random() - 1))
