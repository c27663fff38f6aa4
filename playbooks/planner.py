"""When every step is due: a pure function of the playbook, the anchors and what is done.

Nothing is carried from one plan to the next: a tier change appends to the history, and the plan
made from the longer history is the new plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from playbooks.delay import Grant
from playbooks.office_hours import WALL_CLOCK, BusinessCalendar, Calendar
from playbooks.schema import Playbook, Step, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSince:
    """A tier and the instant from which it holds."""

    tier: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The instants from which deadlines count; aware, in any order but the tiers, oldest first.

    What is still to be done when an incident is reopened counts from then, not from what was long
    before.
    """

    first_post: datetime
    opened: datetime
    tiers: tuple[TierSince, ...]
    acknowledged: datetime | None = None
    reopened: datetime | None = None

    def __post_init__(self) -> None:
        instants = [self.first_post, self.opened, *(since.at for since in self.tiers)]
        instants += [item for item in (self.acknowledged, self.reopened) if item is not None]
        if any(instant.tzinfo is None for instant in instants):
            raise ValueError("anchors are aware instants: give them a zone")
        if not self.tiers:
            raise ValueError("anchors need the tier at opening")

    @classmethod
    def at_opening(cls, *, tier: str, opened: datetime, first_post: datetime | None = None) -> Self:
        """The anchors of a new incident; one without a post counts from its opening."""
        return cls(
            first_post=first_post or opened,
            opened=opened,
            tiers=(TierSince(tier=tier, at=opened),),
        )

    @property
    def tier(self) -> str:
        """The tier that holds now."""
        return self.tiers[-1].tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """An instant and the time allowed from it; `offset` None is a step without a deadline."""

    base_at: datetime
    offset: timedelta | None
    calendar: Calendar = WALL_CLOCK

    @property
    def due_at(self) -> datetime | None:
        return None if self.offset is None else self.calendar.add(self.base_at, self.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step of the present tier with its instants; None where the anchor is not known yet.

    `unknown_years` are years on the way to the due time whose public holidays nobody has given.
    """

    step: Step
    order: int
    instructions: Text | None
    base_at: datetime | None = None
    offset: timedelta | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    escalate_at: datetime | None = None
    unknown_years: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        return self.step.id


def plan(
    playbook: Playbook,
    anchors: Anchors,
    *,
    done: Mapping[str, datetime] | None = None,
    fixed: Mapping[str, datetime] | None = None,
    grants: Mapping[str, Sequence[Grant]] | None = None,
) -> tuple[PlannedStep, ...]:
    """The steps of the present tier, in the playbook's order, with their deadlines.

    `done` has the instants at which steps were done or skipped, `fixed` due times that no longer
    move (of steps already breached), `grants` what was added to the time of a step. A step anchored
    on another counts from the instant at which that one was done, while it is open from its due
    time, and has no deadline without either.
    """
    plan_ = _Plan(playbook, anchors, done=done or {}, fixed=fixed or {}, grants=grants or {})
    return tuple(
        plan_.planned(step, order)
        for order, step in enumerate(playbook.steps)
        if step.in_tier(anchors.tier)
    )


def by_due(steps: Iterable[PlannedStep]) -> tuple[PlannedStep, ...]:
    """The first due first, what has no due time last, in the order of the playbook among equals."""
    dues = [(step.due_at, step) for step in steps]
    dated = sorted(((at, step) for at, step in dues if at is not None), key=lambda pair: pair[0])
    return (*(step for _, step in dated), *(step for at, step in dues if at is None))


def calendar_of(playbook: Playbook, step: Step, tier: str) -> Calendar:
    """How time counts for that step in that tier: by the wall clock, or in office hours."""
    office = playbook.in_office_hours(step, tier)
    return WALL_CLOCK if office is None else BusinessCalendar.of(office)


def date_step(
    step: Step,
    *,
    anchor_at: datetime,
    anchors: Anchors,
    playbook: Playbook,
    grants: Sequence[Grant] = (),
) -> Dating:
    """When a step that is anchored at `anchor_at` falls due, over all tiers that have held.

    When the tier rises: the earlier of the old due time and the raise + the new offset; a step
    that the old tier lacks counts from the raise. When it is lowered: the later of the old due
    time and the anchor + the new offset. An anchor after the change just takes the new offset.
    A grant adds to the due time as it was then: a tier that rises after it is not put off.
    """
    current: Dating | None = None
    before: TierSince | None = None
    waiting = list(grants)
    for since in anchors.tiers:
        while before is not None and waiting and waiting[0].at <= since.at:
            current = _prolonged(current, waiting.pop(0))
        if not step.in_tier(since.tier):
            current = None
        else:
            offset = step.offset(since.tier)
            calendar = calendar_of(playbook, step, since.tier)
            natural = Dating(base_at=anchor_at, offset=offset, calendar=calendar)
            from_change = replace(natural, base_at=max(anchor_at, since.at))
            if before is None or anchor_at >= since.at:
                current = natural
            elif current is None:
                current = from_change
            elif playbook.rank(since.tier) > playbook.rank(before.tier):
                current = min(current, from_change, key=_due_order)
            else:
                current = max(current, natural, key=_due_order)
        before = since
    for grant in waiting:
        current = _prolonged(current, grant)
    if current is None:
        raise ValueError(f"step {step.id} is not in tier {anchors.tier}")
    return current


def _prolonged(dating: Dating | None, grant: Grant) -> Dating | None:
    if dating is None or dating.offset is None:
        return dating
    return replace(dating, offset=dating.offset + grant.lasting)


def _due_order(dating: Dating) -> tuple[bool, float]:
    due_at = dating.due_at
    return due_at is None, 0.0 if due_at is None else due_at.timestamp()


def first_raise(playbook: Playbook, anchors: Anchors) -> datetime | None:
    """The instant at which the tier first rose, the anchor `tier_raised`."""
    for before, since in pairwise(anchors.tiers):
        if playbook.rank(since.tier) > playbook.rank(before.tier):
            return since.at
    return None


@dataclass(slots=True)
class _Plan:
    """One planning; remembers the dating of each step, since others are anchored on it."""

    playbook: Playbook
    anchors: Anchors
    done: Mapping[str, datetime] = field(kw_only=True)
    fixed: Mapping[str, datetime] = field(kw_only=True)
    grants: Mapping[str, Sequence[Grant]] = field(kw_only=True)
    _known: dict[str, Dating | None] = field(default_factory=dict, init=False)

    def planned(self, step: Step, order: int) -> PlannedStep:
        dating = self._dating(step)
        instructions = step.instructions(self.anchors.tier)
        if dating is None:
            return PlannedStep(step=step, order=order, instructions=instructions)
        warn_at = escalate_at = None
        unknown_years: tuple[int, ...] = ()
        due_at = dating.due_at
        if dating.offset is not None and due_at is not None:
            warn_at = dating.calendar.add(dating.base_at, dating.offset * step.warn)
            # what was dated in office hours before a raise escalates by the clock of the new tier
            calendar = calendar_of(self.playbook, step, self.anchors.tier)
            escalate_at = calendar.add(due_at, step.escalate_after)
            unknown_years = dating.calendar.unknown_years(dating.base_at, escalate_at)
        return PlannedStep(
            step=step,
            order=order,
            instructions=instructions,
            base_at=dating.base_at,
            offset=dating.offset,
            due_at=due_at,
            warn_at=warn_at,
            escalate_at=escalate_at,
            unknown_years=unknown_years,
        )

    def _dating(self, step: Step) -> Dating | None:
        if step.id not in self._known:
            anchor_at = self._anchor_at(step)
            if anchor_at is not None and self.anchors.reopened is not None:
                anchor_at = max(anchor_at, self.anchors.reopened)
            self._known[step.id] = (
                None
                if anchor_at is None
                else date_step(
                    step,
                    anchor_at=anchor_at,
                    anchors=self.anchors,
                    playbook=self.playbook,
                    grants=self.grants.get(step.id, ()),
                )
            )
        return self._known[step.id]

    def _anchor_at(self, step: Step) -> datetime | None:
        if step.anchor_step is not None:
            return self._end_of(step.anchor_step)
        if step.anchor == "first_post":
            return self.anchors.first_post
        if step.anchor == "opened":
            return self.anchors.opened
        if step.anchor == "acknowledged":
            return self.anchors.acknowledged
        return first_raise(self.playbook, self.anchors)

    def _end_of(self, name: str) -> datetime | None:
        known = self.done.get(name) or self.fixed.get(name)
        if known is not None:
            return known
        step = self.playbook.by_id().get(name)
        if step is None or not step.in_tier(self.anchors.tier):
            return None
        dating = self._dating(step)
        return None if dating is None else dating.due_at
