"""Is a source alive? A source that died silently looks like calm, so this is asked all the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crawlers.checkpoint import Checkpoint
from crawlers.source import Outcome


class HealthState(StrEnum):
    """What to think of a source."""

    OK = "ok"
    LATE = "late"
    FAILING = "failing"
    BLOCKED = "blocked"
    DRIFTED = "drifted"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state, the instant it is known to last from (None: never pulled) and why."""

    state: HealthState
    since: datetime | None
    reason: str


_TROUBLE = {
    Outcome.BLOCKED: HealthState.BLOCKED,
    Outcome.SCHEMA_DRIFT: HealthState.DRIFTED,
    Outcome.FAILED: HealthState.FAILING,
}

LATE_AFTER = 3
"""A source is late when its last good pull is this many intervals old."""


def assess_health(checkpoint: Checkpoint | None, now: datetime, interval: timedelta) -> Health:
    """Judge a source by its checkpoint, where `interval` is the longest wait between good pulls.

    Being refused and being misread count from the first time; a plain failure needs a second one in
    a row, since single time-outs are the weather of the network. `since` of a trouble is the last
    good pull, or else the pull that brought the trouble.
    """
    if checkpoint is None or checkpoint.last_outcome is None:
        return Health(state=HealthState.NEVER, since=None, reason="never pulled")
    last_ok, last_at = checkpoint.last_ok_at, checkpoint.last_outcome_at
    state = _TROUBLE.get(checkpoint.last_outcome)
    if state is HealthState.FAILING and checkpoint.failures < 2 and last_ok is not None:
        state = None
    if state is not None:
        reason = checkpoint.last_reason or checkpoint.last_outcome.value
        return Health(state=state, since=last_ok or last_at, reason=reason)
    if last_ok is None or now - last_ok > interval * LATE_AFTER:
        return Health(
            state=HealthState.LATE,
            since=last_ok or last_at,
            reason=f"no good pull for {LATE_AFTER} intervals of {interval.total_seconds():.0f} s",
        )
    return Health(state=HealthState.OK, since=last_ok, reason=checkpoint.last_outcome.value)
