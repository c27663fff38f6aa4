"""The life of a briefing as one pure table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from service.errors import IllegalTransition


class State(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    DELIVERED = "delivered"
    DISCARDED = "discarded"


class Deed(StrEnum):
    EDIT = "edit"
    APPROVE = "approve"
    DELIVER = "deliver"
    DISCARD = "discard"


_TABLE: Mapping[Deed, Mapping[State, State]] = {
    # Somebody approved other words than these.
    Deed.EDIT: {State.DRAFT: State.DRAFT, State.APPROVED: State.DRAFT},
    Deed.APPROVE: {State.DRAFT: State.APPROVED},
    Deed.DELIVER: {State.APPROVED: State.DELIVERED, State.DELIVERED: State.DELIVERED},
    Deed.DISCARD: {State.DRAFT: State.DISCARDED, State.APPROVED: State.DISCARDED},
}


def after(state: State, deed: Deed, *, briefing_id: str) -> State:
    """Where the deed leads. Raises IllegalTransition, naming what may be done instead."""
    found = _TABLE[deed].get(state)
    if found is None:
        others = ", ".join(deeds(state)) or "nothing more"
        raise IllegalTransition(
            f"briefing {briefing_id} is {state}: {deed} is not possible; what is: {others}"
        )
    return found


def deeds(state: State) -> tuple[Deed, ...]:
    """What may be done to a briefing in that state."""
    return tuple(deed for deed in Deed if state in _TABLE[deed])
