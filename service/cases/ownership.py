"""Who owns an incident, and how it passes on: pure decisions.

Somebody who has it keeps it until the next one says yes; what nobody has is given at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.errors import Conflict, Forbidden


class HandOverState(StrEnum):
    """An offer waits for one answer; withdrawn is also one that a newer offer replaced."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One passing on. `from_person` None: nobody had it. Instants are aware UTC."""

    id: int
    incident_id: str
    from_person: str | None
    to_person: str
    offered_by: str
    note: str | None
    state: HandOverState
    offered_at: datetime
    answered_at: datetime | None = None
    answer: str | None = None


class Passing(StrEnum):
    """What naming the next owner comes to."""

    NOTHING = "nothing"
    AT_ONCE = "at_once"
    OFFER = "offer"


def passing(*, owner: str | None, actor: str, to: str) -> Passing:
    """An owner stays until the next one accepts; who takes it themselves has accepted by that."""
    if to == owner:
        return Passing.NOTHING
    return Passing.AT_ONCE if owner is None or to == actor else Passing.OFFER


def answered(
    offer: HandOver, *, actor: str, leads: bool, owner: str | None, accept: bool
) -> HandOverState:
    """What the answer makes of the offer: the next owner accepts or declines, others withdraw.

    Raises Conflict for an offer that waits no more, or was made by an owner who is none any more,
    Forbidden for somebody who neither offered it, nor has the incident, nor leads.
    """
    if offer.state is not HandOverState.OFFERED:
        raise Conflict(f"this hand-over is {offer.state.value} already; load the incident again")
    if actor == offer.to_person:
        if accept and owner != offer.from_person:
            raise Conflict(
                f"the incident has passed to {owner or 'nobody'} since it was offered; ask again"
            )
        return HandOverState.ACCEPTED if accept else HandOverState.DECLINED
    if accept:
        raise Forbidden(f"only {offer.to_person}, to whom it is offered, can accept it")
    if actor in (offer.offered_by, owner) or leads:
        return HandOverState.WITHDRAWN
    raise Forbidden("a hand-over is withdrawn by whoever offered it, the owner, or a lead")
