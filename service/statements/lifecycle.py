"""The life of a statement as pure functions: who may bring it from which state to which.

    draft ── submit ──> submitted ── enough approvals ──> approved ── publish ──> published
      ^                     │                                │                        │
      └──── save, send back ┴────────────────────────────────┘   withdraw: from any ──┴─> withdrawn

Whatever changes the wording voids the approvals: people answer for the words that they have read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.errors import Conflict, IllegalTransition


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({State.DRAFT, State.SUBMITTED, State.APPROVED})


class Capacity(StrEnum):
    """In which of their roles somebody approves."""

    LEAD = "lead"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class Approved:
    """One approval that stands."""

    person: str
    capacity: Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a statement stands; `writers` are all who wrote a wording of it."""

    state: State
    writers: frozenset[str]
    approvals: tuple[Approved, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Who approved."""
        return frozenset(item.person for item in self.approvals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be given before it goes out: different persons, and legal besides."""

    persons: int
    legal: bool

    @property
    def total(self) -> int:
        """How many approvals that is."""
        return self.persons + (1 if self.legal else 0)


def need_of(*, gravest: bool, promises: bool) -> Need:
    """Two persons in the gravest tier, one in others; legal besides wherever a promise is made."""
    return Need(persons=2 if gravest else 1, legal=promises)


def lacking(standing: Standing, need: Need) -> tuple[str, ...]:
    """What is still missing, in words; nothing once it is enough."""
    given = standing.approvals
    has_legal = any(item.capacity is Capacity.LEGAL for item in given)
    count = len(given) - (1 if need.legal and has_legal else 0)
    missing = []
    if count < need.persons:
        more = need.persons - count
        missing.append(f"{more} more {'person' if more == 1 else 'persons'}")
    if need.legal and not has_legal:
        missing.append("legal: it makes a promise")
    if not any(item.capacity is Capacity.LEAD for item in given):
        missing.append("a lead")
    if not standing.names - standing.writers:
        missing.append("somebody who wrote none of it")
    return tuple(missing)


def save(standing: Standing) -> Standing:
    """A new wording: a draft again, with nobody's approval. Raises IllegalTransition."""
    _refuse(standing, EDITABLE, "change")
    return replace(standing, state=State.DRAFT, approvals=())


def submit(standing: Standing, obstacles: Sequence[tuple[str, str]] = ()) -> Standing:
    """Ask for approval. Raises Conflict naming each obstacle, IllegalTransition."""
    _refuse(standing, frozenset({State.DRAFT}), "submit")
    _refuse_obstacles(obstacles, "submitted")
    return replace(standing, state=State.SUBMITTED, approvals=())


def approve(
    standing: Standing,
    approval: Approved,
    *,
    need: Need,
    obstacles: Sequence[tuple[str, str]] = (),
) -> Standing:
    """One more person answers for it; approved once that is enough.

    What is approved and, in a graver tier, no longer enough takes further approvals. Raises
    Conflict for a second approval of one person or for an obstacle, IllegalTransition.
    """
    _refuse(standing, frozenset({State.SUBMITTED, State.APPROVED}), "approve")
    if approval.person in standing.names:
        raise Conflict(f"{approval.person} has approved it; another person is wanted")
    if standing.state is State.APPROVED and not lacking(standing, need):
        raise IllegalTransition("it is approved by as many as it takes; publish it")
    _refuse_obstacles(obstacles, "approved")
    given = replace(standing, approvals=(*standing.approvals, approval))
    return replace(given, state=State.SUBMITTED if lacking(given, need) else State.APPROVED)


def send_back(standing: Standing) -> Standing:
    """Not like this: back to its writers. Raises IllegalTransition."""
    _refuse(standing, frozenset({State.SUBMITTED, State.APPROVED}), "send back")
    return replace(standing, state=State.DRAFT, approvals=())


def reconsider(standing: Standing) -> Standing:
    """What was approved has changed beside the words: approvals are asked for again."""
    if standing.state in (State.SUBMITTED, State.APPROVED):
        return replace(standing, state=State.SUBMITTED, approvals=())
    return standing


def publish(
    standing: Standing, *, need: Need, obstacles: Sequence[tuple[str, str]] = ()
) -> Standing:
    """It is out, in one more place. Raises Conflict for what is missing, IllegalTransition.

    The first time the approvals must be enough for the tier as it is now.
    """
    _refuse(standing, frozenset({State.APPROVED, State.PUBLISHED}), "publish")
    if standing.state is State.APPROVED:
        missing = [("approvals", f"missing: {item}") for item in lacking(standing, need)]
        _refuse_obstacles([*missing, *obstacles], "published")
    return replace(standing, state=State.PUBLISHED)


def withdraw(standing: Standing) -> Standing:
    """It no longer holds. Raises IllegalTransition when it was withdrawn before."""
    _refuse(standing, frozenset(State) - {State.WITHDRAWN}, "withdraw")
    return replace(standing, state=State.WITHDRAWN)


def _refuse(standing: Standing, allowed: frozenset[State], deed: str) -> None:
    if standing.state not in allowed:
        states = ", ".join(sorted(allowed))
        raise IllegalTransition(
            f"you cannot {deed} it: it is {standing.state.value}, and that takes {states}"
        )


def _refuse_obstacles(obstacles: Sequence[tuple[str, str]], deed: str) -> None:
    if obstacles:
        raise Conflict(
            f"it cannot be {deed} yet: {'; '.join(message for _, message in obstacles)}",
            errors=obstacles,
        )
