"""What becomes of what a tracker says: pure decisions with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.reviews import ItemState
from service.trackers.model import Handover, Heard, Standing, State, Trouble


class Hearing(StrEnum):
    """What a word of a tracker is to a hand-over."""

    NEWS = "news"
    SAME = "same"
    """Known already; our own moves come back like this."""
    STALE = "stale"
    """Older than what was heard last."""
    TWICE = "twice"
    """The same event came before."""
    UNREADABLE = "unreadable"
    """It says no state."""
    UNKNOWN_STATE = "unknown_state"
    DELETED = "deleted"
    NOT_OURS = "not_ours"
    """A ticket that was not handed over here, or no ticket at all."""


def judge(handover: Handover, heard: Heard) -> Hearing:
    """What `heard` is.

    Only a change of state is followed: a ticket that is edited while a move of ours is on its way
    says its old state once more, and that is no wish to go back.
    """
    if handover.state is State.DELETED:
        return Hearing.SAME if heard.deleted else Hearing.STALE
    if heard.deleted:
        return Hearing.DELETED
    if heard.word is None:
        return Hearing.UNREADABLE
    if heard.at is not None and handover.heard_at is not None and heard.at < handover.heard_at:
        return Hearing.STALE
    if heard.standing is None:
        return Hearing.SAME if heard.word == handover.word else Hearing.UNKNOWN_STATE
    return Hearing.SAME if heard.standing is handover.standing else Hearing.NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Where an improvement goes; None leaves it. `trouble` is why it cannot go along."""

    to: ItemState | None = None
    trouble: Trouble | None = None


_STAYS = Follow()
_CANNOT = Follow(trouble=Trouble.DISAGREES)
_WORKED_ON = frozenset({ItemState.ACCEPTED, ItemState.DOING})


def follow(item: ItemState, standing: Standing) -> Follow:
    """How an improvement follows its ticket. What is decided by people stays decided: a tracker
    neither accepts nor drops nor undoes a proof.
    """
    match standing:
        case Standing.DONE if item in _WORKED_ON:
            return Follow(to=ItemState.DONE)
        case Standing.DONE:
            return _STAYS if item in (ItemState.DONE, ItemState.VERIFIED) else _CANNOT
        case Standing.DROPPED:
            dropped = item is ItemState.DROPPED
            return _STAYS if dropped else Follow(trouble=Trouble.DROPPED_THERE)
        case _ if item is ItemState.DONE:
            return Follow(to=ItemState.DOING)
        case Standing.DOING if item is ItemState.ACCEPTED:
            return Follow(to=ItemState.DOING)
        case _:
            open_here = item in _WORKED_ON or item is ItemState.PROPOSED
            return _STAYS if open_here else _CANNOT


_STANDINGS = {
    ItemState.PROPOSED: Standing.OPEN,
    ItemState.ACCEPTED: Standing.OPEN,
    ItemState.DOING: Standing.DOING,
    ItemState.DONE: Standing.DONE,
    ItemState.VERIFIED: Standing.DONE,
    ItemState.DROPPED: Standing.DROPPED,
}


def standing_of(item: ItemState) -> Standing:
    """How the ticket of an improvement in that state is to stand."""
    return _STANDINGS[item]
