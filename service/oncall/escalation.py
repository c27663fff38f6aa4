"""The life of one escalation as pure moves: what fires next, who holds it, when it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.oncall.model import ChainDraft, ChainStep, zone_of


class EscalationState(StrEnum):
    """Running and held ones are alive: of an incident at most one is."""

    RUNNING = "running"
    HELD = "held"
    """Somebody has acknowledged, and holds it as long as they do something about it."""
    EXHAUSTED = "exhausted"
    """Every step has fired, as often as it may, and nobody has acknowledged; one still may."""
    ENDED = "ended"
    REPLACED = "replaced"
    """The tier has risen, and a graver chain has taken over."""


OVER = frozenset({EscalationState.ENDED, EscalationState.REPLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """`chain` is a copy, `tier_rank` that of its tier or, lower, of what the tier fell to.

    `position` and `round` are of the step that comes next, from 0 and 1; `firings`
    counts what has fired, and names the one timer that may fire next. `anew` counts how often it
    has begun again because nobody answered; `unanswered_at` is since when that has been said.
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
    anew: int = 0
    unanswered_at: datetime | None = None
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
    """What a timer brings: the step to make, and when the next one is due; None when none is.

    `last` says that every step of every round has fired by now, `said` that this is to be said
    aloud: the first time, and when it has begun anew as often as it may.
    """

    step: ChainStep
    escalation: Escalation
    next_at: datetime | None
    last: bool
    said: bool


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

    `firing` is what the timer was set for: the stale guard. After the last step it begins anew
    `again_min` later while it may, and then goes through one round each `rest_min`.
    """
    if escalation.state is not EscalationState.RUNNING or firing != escalation.firings:
        return None
    chain, position, turn = escalation.chain, escalation.position + 1, escalation.round
    if position == len(chain.steps):
        position, turn = 0, turn + 1
    last = turn > chain.repeat
    anew, most, rest_min = escalation.anew, chain.anew or 0, chain.rest_min or 0
    spent = last and anew >= most
    ahead = not spent or rest_min > 0
    if last and ahead:
        turn = chain.repeat if spent else 1
    following = replace(
        escalation,
        position=position,
        round=turn,
        firings=escalation.firings + 1,
        anew=anew + (last and ahead),
        state=EscalationState.RUNNING if ahead else EscalationState.EXHAUSTED,
    )
    minutes = chain.steps[position].wait_min if position else chain.again_min
    if spent:
        minutes = rest_min
    return Firing(
        step=chain.steps[escalation.position],
        escalation=following,
        next_at=now + timedelta(minutes=minutes) if ahead else None,
        last=last,
        said=last and anew in (0, most),
    )


def at_open_step(escalation: Escalation, *, now: datetime) -> Escalation:
    """The step that comes next is the next one in whose hours `now` is; where none is, as it was.

    After the last step of the chain the first ones are looked at.
    """
    chain = escalation.chain
    local, here = now.astimezone(zone_of(chain.zone)), escalation.position
    for position in (*range(here, len(chain.steps)), *range(here)):
        window = chain.steps[position].window
        if window is None or window.holds(local):
            turn = escalation.round + (position < here)
            return replace(escalation, position=position, round=min(turn, chain.repeat))
    return escalation


def hold(escalation: Escalation, *, by: str, now: datetime) -> Escalation:
    """Somebody has it from now on, for the first time or again; one that is over stays so."""
    if escalation.is_over:
        return escalation
    return replace(
        escalation,
        state=EscalationState.HELD,
        held_at=now,
        held_by=by,
        anew=0,
        unanswered_at=None,
    )


def lighten(escalation: Escalation, *, tier_rank: int) -> Escalation:
    """The tier has fallen: the chain goes on, and a graver tier than that begins a new one."""
    return replace(escalation, tier_rank=min(tier_rank, escalation.tier_rank))


def lapse(escalation: Escalation, *, now: datetime) -> Escalation | datetime:
    """The lease is looked at: still held until the instant answered, or escalated from now on.

    It goes on with the next step whose hours these are; after the last one it begins anew, for it
    pages in any case.
    """
    held_until = (escalation.held_at or escalation.started_at) + escalation.lease
    if held_until > now:
        return held_until
    chain = escalation.chain
    begun = escalation.round <= chain.repeat
    running = replace(
        escalation,
        state=EscalationState.RUNNING,
        position=escalation.position if begun else 0,
        round=escalation.round if begun else 1,
        lapses=escalation.lapses + 1,
    )
    return at_open_step(running, now=now)


def end(escalation: Escalation, *, now: datetime, replaced: bool = False) -> Escalation:
    """Nothing fires any more."""
    if escalation.is_over:
        return escalation
    state = EscalationState.REPLACED if replaced else EscalationState.ENDED
    return replace(escalation, state=state, ended_at=now)
