"""How long each clock of a complaint runs, and the instants that follow. Pure.

The times are those of the ladder `complaint` in the playbooks, so that they stand in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from playbooks import Library
from playbooks.office_hours import Calendar
from service.complaints.lifecycle import Clock

LADDER = "complaint"
STEPS: Mapping[Clock, str] = {
    Clock.ANSWER: "complaint_answer",
    Clock.RESPONSE: "complaint_response",
    Clock.RESOLUTION: "complaint_resolved",
}
_DEFAULT: Mapping[Clock, timedelta] = {
    Clock.ANSWER: timedelta(minutes=15),
    Clock.RESPONSE: timedelta(hours=4),
    Clock.RESOLUTION: timedelta(hours=24),
}
"""For a folder of playbooks that has no such ladder."""

SUBJECT = "complaint"
WARN, DUE, ESCALATE = "warn", "due", "escalate"
STAGES = (WARN, DUE, ESCALATE)


def timer_kind(clock: Clock, stage: str) -> str:
    """The kind of a timer: of one clock, at one stage."""
    return f"complaint.{clock.value}.{stage}"


def timer_kinds(*clocks: Clock) -> tuple[str, ...]:
    """Those of some clocks, at every stage."""
    return tuple(timer_kind(clock, stage) for clock in clocks for stage in STAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """When somebody is warned, when it is due, when others hear of it. UTC."""

    warn_at: datetime
    due_at: datetime
    escalate_at: datetime


def limits_of(library: Library) -> Mapping[Clock, timedelta]:
    """The limits of the ladder: from opening, from opening, and from the response."""
    ladder = library.ladders.get(LADDER)
    steps = {} if ladder is None else {step.id: step for step in ladder.steps}
    found = dict(_DEFAULT)
    for clock, name in STEPS.items():
        step = steps.get(name)
        offsets = [] if step is None else [item for item in step.due.values() if item is not None]
        if offsets:
            # Of a table by tiers the strictest: a single complaint has no tier.
            found[clock] = min(offsets)
    return found


def instants(
    started_at: datetime,
    limit: timedelta,
    *,
    calendar: Calendar,
    warn_before: timedelta,
    escalate_after: timedelta,
) -> Instants:
    """The three instants of a clock, counted by the calendar; a warning is never before the start.

    A warning that is longer than the limit warns at half of it.
    """
    lead = warn_before if warn_before < limit else limit / 2
    return Instants(
        warn_at=calendar.add(started_at, limit - lead),
        due_at=calendar.add(started_at, limit),
        escalate_at=calendar.add(started_at, limit + escalate_after),
    )
