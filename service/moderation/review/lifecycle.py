"""The life of a review item as pure functions: who may take it, decide it, pass it on, and when.

pending ─claim→ claimed ─decide→ decided ─appeal (once, of a block)→ pending on the next line
   ↑──release, lease run out──┘ └─escalate→ pending on the next line
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput


class Line(StrEnum):
    """Who decides: reviewers, the panel of experts, or lawyers (advertisements, always)."""

    SECOND = "second"
    THIRD = "third"
    LEGAL = "legal"


NEXT: Mapping[Line, Line] = {Line.SECOND: Line.THIRD}
"""The line above; a line that is not here has the last word."""


class State(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    """A second opinion that nobody gave in time."""


UNDECIDED = frozenset({State.PENDING, State.CLAIMED})


class Ruling(StrEnum):
    PASS = "pass"  # noqa: S105 - the word of the contract, no password
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an item stands. `ruling` is the latest one and holds until another is made.

    `decided_by` has one (line, person) for each verdict; `barred` are people who may not decide.
    """

    line: Line
    state: State = State.PENDING
    holder: str | None = None
    lease_until: datetime | None = None
    ruling: Ruling | None = None
    decided_by: tuple[tuple[Line, str], ...] = ()
    appealed: bool = False
    barred: frozenset[str] = frozenset()


def standing_at(standing: Standing, now: datetime) -> Standing:
    """The same by the clock: a claim whose lease has run out is none."""
    if standing.state is State.CLAIMED and not _is_leased(standing, now):
        return replace(standing, state=State.PENDING, holder=None, lease_until=None)
    return standing


def claim(standing: Standing, *, by: str, now: datetime, lease: timedelta) -> Standing:
    """Take it, or renew one's own claim, until `now + lease`.

    Raises Conflict while another has it, Forbidden for whoever decided it before, and
    IllegalTransition when there is nothing left to decide.
    """
    current = standing_at(standing, now)
    _refuse_settled(current, "claim")
    _refuse_judges(current, by)
    if current.state is State.CLAIMED and current.holder != by:
        raise Conflict(f"{current.holder} has it until {_until(current)}; take another one")
    return replace(current, state=State.CLAIMED, holder=by, lease_until=now + lease)


def release(standing: Standing, *, by: str, now: datetime) -> Standing:
    """Give one's claim back. Raises Conflict when it is not one's own."""
    current = _own(standing, by=by, now=now, deed="release")
    return replace(current, state=State.PENDING, holder=None, lease_until=None)


def decide(standing: Standing, *, by: str, now: datetime, ruling: Ruling) -> Standing:
    """Rule on an item that one has claimed; once a line. Raises Conflict, Forbidden."""
    current = _own(standing, by=by, now=now, deed="decide")
    _refuse_judges(current, by)
    return _ruled(current, by=by, ruling=ruling)


def decide_alike(standing: Standing, *, by: str, ruling: Ruling) -> Standing | None:
    """Rule on a copy of what `by` has just ruled on, claimed or not; None where that cannot be.

    A copy with a user's appeal has words of its own, and is left to its own reader.
    """
    if standing.state not in UNDECIDED or standing.appealed or by in _judges(standing):
        return None
    return _ruled(standing, by=by, ruling=ruling)


def escalate(standing: Standing, *, by: str, now: datetime, reason: str) -> Standing:
    """Leave it to the next line, with a reason. Raises IllegalTransition at the last one."""
    current = _own(standing, by=by, now=now, deed="escalate")
    if not reason.strip():
        raise InvalidInput("escalating needs a reason", errors=[("reason", "say why")])
    if current.line not in NEXT:
        raise IllegalTransition(f"the {current.line.value} line has the last word: decide it")
    return _entered(current, NEXT[current.line])


def appeal(standing: Standing, *, words: str) -> Standing:
    """A user speaks against a block: once, to the next line.

    Raises IllegalTransition when it is not decided, passed, appealed before or final.
    """
    if not words.strip():
        raise InvalidInput("an appeal has the user's words", errors=[("words", "none given")])
    if standing.appealed:
        raise IllegalTransition("an appeal was made before; there is one")
    if standing.state is not State.DECIDED:
        raise IllegalTransition(f"it is {standing.state.value}: a person will decide it anyway")
    if standing.ruling is not Ruling.BLOCK:
        raise IllegalTransition("an appeal is against a block, and this text has passed")
    if standing.line not in NEXT:
        raise IllegalTransition(f"the {standing.line.value} line had the last word")
    return replace(_entered(standing, NEXT[standing.line]), appealed=True)


def is_appealable(standing: Standing) -> bool:
    """Whether `appeal` would be heard."""
    return (
        standing.state is State.DECIDED
        and standing.ruling is Ruling.BLOCK
        and not standing.appealed
        and standing.line in NEXT
    )


def withdraw(standing: Standing) -> Standing:
    """Ask no longer. Raises IllegalTransition for what is decided."""
    _refuse_settled(standing, "withdraw")
    return replace(standing, state=State.WITHDRAWN, holder=None, lease_until=None)


def _is_leased(standing: Standing, now: datetime) -> bool:
    return standing.lease_until is not None and now < standing.lease_until


def _own(standing: Standing, *, by: str, now: datetime, deed: str) -> Standing:
    _refuse_settled(standing, deed)
    current = standing_at(standing, now)
    if current.state is State.CLAIMED and current.holder == by:
        return current
    if standing.holder == by:
        raise Conflict(f"your claim ran out at {_until(standing)}; claim it again to {deed} it")
    if current.state is State.CLAIMED:
        raise Conflict(f"{current.holder} has it until {_until(current)}; you cannot {deed} it")
    raise Conflict(f"claim it before you {deed} it")


def _refuse_settled(standing: Standing, deed: str) -> None:
    if standing.state not in UNDECIDED:
        ruling = f" ({standing.ruling.value})" if standing.ruling else ""
        raise IllegalTransition(f"you cannot {deed} it: it is {standing.state.value}{ruling}")


def _refuse_judges(standing: Standing, by: str) -> None:
    for line, person in standing.decided_by:
        if person == by:
            raise Forbidden(f"you decided it on the {line.value} line; another person decides now")
    if by in standing.barred:
        raise Forbidden("you have given your opinion on this text; another person's is wanted")


def _judges(standing: Standing) -> frozenset[str]:
    return standing.barred | {person for _, person in standing.decided_by}


def _ruled(standing: Standing, *, by: str, ruling: Ruling) -> Standing:
    return replace(
        standing,
        state=State.DECIDED,
        holder=None,
        lease_until=None,
        ruling=ruling,
        decided_by=(*standing.decided_by, (standing.line, by)),
    )


def _entered(standing: Standing, line: Line) -> Standing:
    return replace(standing, line=line, state=State.PENDING, holder=None, lease_until=None)


def _until(standing: Standing) -> str:
    until = standing.lease_until
    return "?" if until is None else until.isoformat(timespec="seconds")
