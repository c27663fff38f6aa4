"""The life of an improvement, its rank, and what a review still lacks: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from service.errors import IllegalTransition, InvalidInput
from service.reviews.model import Form, Improvement, Involved, ItemState

WHYS = 5
FORMULA = "impact × urgency ÷ effort"
OPEN_ITEMS = frozenset({ItemState.PROPOSED, ItemState.ACCEPTED, ItemState.DOING, ItemState.DONE})
"""Those that somebody still has to do something about; a done one waits to be verified."""
UNDONE_ITEMS = OPEN_ITEMS - {ItemState.DONE}
"""Those whose date still counts."""

_MOVES: Mapping[ItemState, tuple[ItemState, ...]] = {
    ItemState.PROPOSED: (ItemState.ACCEPTED, ItemState.DROPPED),
    ItemState.ACCEPTED: (ItemState.DOING, ItemState.DONE, ItemState.DROPPED),
    ItemState.DOING: (ItemState.ACCEPTED, ItemState.DONE, ItemState.DROPPED),
    ItemState.DONE: (ItemState.VERIFIED, ItemState.DOING),
    ItemState.VERIFIED: (),
    ItemState.DROPPED: (ItemState.PROPOSED,),
}
_WITH_REASON = frozenset(
    {
        *((state, ItemState.DROPPED) for state in ItemState),
        (ItemState.DONE, ItemState.DOING),
        (ItemState.DROPPED, ItemState.PROPOSED),
    }
)
"""Moves that take something off the list, or back onto it."""


class Lack(StrEnum):
    """Why a review cannot be closed yet."""

    TOO_FEW_WHYS = "too_few_whys"
    ROOT_CAUSE = "root_cause"
    CAUSE_CLASS = "cause_class"
    DEPARTMENTS = "departments"
    PROPOSALS = "proposals"


def rank(impact: int, urgency: int, effort: int) -> float:
    """`FORMULA`, from 0.2 to 25."""
    return impact * urgency / effort


def check_move(item: Improvement, to: ItemState, *, reason: str | None) -> bool:
    """Whether the move changes anything; said twice is said once.

    Raises IllegalTransition naming what is possible, InvalidInput where a reason is missing.
    """
    if to is item.state:
        return False
    if to not in _MOVES[item.state]:
        possible = ", ".join(_MOVES[item.state]) or "nothing"
        raise IllegalTransition(
            f"improvement {item.id} is {item.state.value} and cannot be {to.value}; "
            f"possible now: {possible}"
        )
    if (item.state, to) in _WITH_REASON and reason is None:
        raise InvalidInput(
            f"{item.state.value} to {to.value} takes a reason", errors=[("reason", "say why")]
        )
    return True


def lacks(form: Form, involved: Sequence[Involved]) -> tuple[tuple[Lack, str], ...]:
    """(what, words for people) of each thing that keeps a review from being closed."""
    found = []
    if not form.whys or (len(form.whys) < WHYS and form.stopped_early is None):
        words = f"ask {WHYS} times why, or say in stopped_early why {len(form.whys)} are enough"
        found.append((Lack.TOO_FEW_WHYS, words))
    if form.root_cause is None:
        found.append((Lack.ROOT_CAUSE, "name the root cause"))
    if form.cause_class is None:
        found.append((Lack.CAUSE_CLASS, "choose the class of the cause"))
    if not involved:
        found.append((Lack.DEPARTMENTS, "name the departments involved"))
    awaited = sorted(item.department_id for item in involved if item.is_awaited)
    if awaited:
        words = f"{', '.join(awaited)}: file a proposal, or a lead says why there is none"
        found.append((Lack.PROPOSALS, words))
    return tuple(found)
