"""Who may do what with an improvement: those who work on reviews, its department's lead, its owner.

The permission table knows roles; a department's lead and an owner are known by their account.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.errors import Forbidden
from service.reviews import departments
from service.reviews.model import Improvement, ItemState

_DECIDED = frozenset({ItemState.ACCEPTED, ItemState.DROPPED, ItemState.PROPOSED})
"""States that take a decision: of a lead, or of the lead of the department."""


async def require_hand(
    connection: AsyncConnection, principal: Principal, department_id: str, *, monitor: str
) -> bool:
    """Whether they lead that department. Raises Forbidden unless they do or work on reviews."""
    department = await departments.find(connection, department_id)
    leads = department is not None and department.lead == principal.id
    action = Action.READ if leads else Action.WORK
    principal.require(action, Resource.CAUSE_REVIEW, monitor=monitor)
    return leads


async def require_on(connection: AsyncConnection, principal: Principal, item: Improvement) -> bool:
    """The same for an improvement, which its owner may work on as well."""
    if item.owner != principal.id:
        return await require_hand(
            connection, principal, item.department_id, monitor=item.monitor_id
        )
    principal.require(Action.READ, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
    department = await departments.find(connection, item.department_id)
    return department is not None and department.lead == principal.id


def require_move(principal: Principal, item: Improvement, to: ItemState, *, leads: bool) -> None:
    """Raise Forbidden for a decision that is not theirs, and for proof by whoever did it.

    `leads` is whether they lead the department. Back from doing to accepted decides nothing.
    """
    if to is ItemState.VERIFIED:
        principal.require(Action.APPROVE, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
        if principal.id in (item.owner, item.done_by):
            raise Forbidden(
                f"improvement {item.id} is verified by a lead who neither owns it nor did it"
            )
    paused = item.state is ItemState.DOING and to is ItemState.ACCEPTED
    if to in _DECIDED and not leads and not paused:
        principal.require(Action.APPROVE, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
