"""The life of one escalation as pure moves: what fires next, who holds it, when it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.oncall.model import ChainDraft, ChainStep


class EscalationState(StrEnum):
    """Running and held ones are alive: of an incident at most one is."""

    RUNNING = "running"
    HELD = "held"
    """Somebody has acknowledged, and holds it as long as they do something about it."""
    EXHAUSTED = "exhausted"
    """Every step has fired and nobody has acknowledged; an acknowledgement still counts."""
    ENDED = "ended"
    REPLACED = "replaced"
    """The tier has risen, and a graver chain has taken over."""


OVER = frozenset({EscalationState.ENDED, EscalationState.REPLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """`chain` is a copy. `position` and `round` are of the step that comes next, from 0 and 1;
    `firings` counts what has fired, and names the one timer that may fire next.
    """

    id: str
    incident_id: str
    tier_rank: int
    chain: ChainDraft
    state: EscalationState
    position: int
    round: int
    firings: int
    pages: int
    lapses: int
    started_at: datetime
    held_at: datetime | None = None
    held_by: str | None = None
    ended_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def lease(self) -> timedelta:
        return timedelta(minutes=self.chain.lease_min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What a timer brings: the step to make, and when the next one is due; None after the last."""

    step: ChainStep
    escalation: Escalation
    next_at: datetime | None


def begin(
    *, escalation_id: str, incident_id: str, tier_rank: int, chain: ChainDraft, now: datetime
) -> tuple[Escalation, datetime]:
    """A new one over a copy of the chain, and when its first step is due."""
    escalation = Escalation(
        id=escalation_id,
        incident_id=incident_id,
        tier_rank=tier_rank,
        chain=chain,
        state=EscalationState.RUNNING,
        position=0,
        round=1,
        firings=0,
        pages=0,
        lapses=0,
        started_at=now,
    )
    return escalation, now + timedelta(minutes=chain.steps[0].wait_min)


def fire(escalation: Escalation, *, firing: int, now: datetime) -> Firing | None:
    """Make the next step, one a timer; None for a timer of another firing, or when it is not due.

    `firing` is what the timer was set for: the stale guard.
    """
    if escalation.state is not EscalationState.RUNNING or firing != escalation.firings:
        return None
    chain = escalation.chain
    step = chain.steps[escalation.position]
    position, turn = escalation.position + 1, escalation.round
    if position == len(chain.steps):
        position, turn = 0, turn + 1
    ahead = turn <= chain.repeat
    following = replace(
        escalation,
        position=position,
        round=turn,
        firings=escalation.firings + 1,
        state=EscalationState.RUNNING if ahead else EscalationState.EXHAUSTED,
    )
    minutes = chain.again_min if position == 0 else chain.steps[position].wait_min
    next_at = now + timedelta(minutes=minutes) if ahead else None
    return Firing(step=step, escalation=following, next_at=next_at)


def hold(escalation: Escalation, *, by: str, now: datetime) -> Escalation:
    """Somebody has it from now on, for the first time or again; one that is over stays so."""
    if escalation.is_over:
        return escalation
    return replace(escalation, state=EscalationState.HELD, held_at=now, held_by=by)


def lapse(escalation: Escalation, *, last_act: datetime, now: datetime) -> Escalation | datetime:
    """The lease is looked at: still held until the instant answered, or escalated from now on.

    It goes on with the next step; after the last one it begins anew, for it pages in any case.
    """
    held_until = max(last_act, escalation.held_at or last_act) + escalation.lease
    if held_until > now:
        return held_until
    chain = escalation.chain
    begun = escalation.round <= chain.repeat
    return replace(
        escalation,
        state=EscalationState.RUNNING,
        position=escalation.position if begun else 0,
        round=escalation.round if begun else 1,
        lapses=escalation.lapses + 1,
    )


def end(escalation: Escalation, *, now: datetime, replaced: bool = False) -> Escalation:
    """Nothing fires any more."""
    if escalation.is_over:
        return escalation
    state = EscalationState.REPLACED if replaced else EscalationState.ENDED
    return replace(escalation, state=state, ended_at=now)
