"""Whom a chain would page if an incident opened at an instant and nobody answered: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.oncall.escalation import begin, fire
from service.oncall.model import ChainDraft, zone_of
from service.oncall.roster import Calls, Roster, calls_for, quiet_until

MOST_STEPS = 200
"""Steps of one rehearsal: a chain may begin anew again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedStep:
    """A step at its instant. `position` counts from 0, `round` from 1.

    `out_of_hours`: its window is closed, and it is passed over. `waits_until`: whoever it names is
    left in peace until then, when it is made.
    """

    at: datetime
    position: int
    round: int
    calls: Calls
    out_of_hours: bool = False
    waits_until: datetime | None = None


def rehearse(
    chain: ChainDraft, roster: Roster, *, begins_at: datetime, until: datetime
) -> tuple[RehearsedStep, ...]:
    """Every step from the opening to `until`, that included, with whom it comes to at that instant.

    As the timers would make them when nobody acknowledges and no silence stands. `roster` is that
    of real incidents or of drills.
    """
    escalation, due_at = begin(
        escalation_id="", incident_id="", tier_rank=0, chain=chain, now=begins_at
    )
    zone = zone_of(chain.zone)
    made: list[RehearsedStep] = []
    while due_at <= until and len(made) < MOST_STEPS:
        firing = fire(escalation, firing=escalation.firings, now=due_at)
        if firing is None:
            break
        step = firing.step
        closed = step.window is not None and not step.window.holds(due_at.astimezone(zone))
        calls, wakes_at = Calls(), None
        if not closed:
            calls = calls_for(
                roster,
                step.notify,
                at=due_at,
                reach=escalation.round,
                ignores_quiet=chain.ignores_quiet,
            )
            if calls.only_quiet:
                wakes_at = quiet_until(roster, step.notify, at=due_at)
            calls = calls.or_everybody()
        made.append(
            RehearsedStep(
                at=due_at,
                position=escalation.position,
                round=escalation.round,
                calls=calls,
                out_of_hours=closed,
                waits_until=wakes_at,
            )
        )
        if wakes_at is not None:
            due_at = wakes_at
            continue
        escalation = firing.escalation
        if firing.next_at is None:
            break
        due_at = firing.next_at
    return tuple(made)
