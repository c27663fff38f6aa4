"""Showing what is hidden: to whom the role allows it, for a reason, and never without a trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.audit import record
from service.auth.principal import Principal
from service.auth.roles import Action, Resource
from service.db import Database
from service.errors import InvalidInput

SHORTEST_REASON = 5
_LONGEST_KEPT = 500


def said_reason(reason: str) -> str:
    """The reason without blanks around it. Raises InvalidInput for one that says nothing."""
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        problem = f"say in at least {SHORTEST_REASON} characters why you need to know"
        raise InvalidInput(problem, errors=[("reason", problem)])
    return said


async def require_reveal(
    database: Database,
    principal: Principal,
    resource: Resource,
    *,
    kind: str,
    subject_type: str,
    subject_id: str,
    reason: str,
    at: datetime,
    monitor: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Return only to those who may look, once `kind.revealed` is committed to the trail.

    Of others `kind.reveal_refused` is committed. Raises Forbidden for them, and InvalidInput where
    somebody may look and does not say why.
    """
    allowed = principal.may(Action.REVEAL, resource, monitor=monitor)
    if allowed:
        said_reason(reason)
    async with database.write() as connection:
        await record(
            connection,
            at=at,
            actor=principal.id,
            action=f"{kind}.revealed" if allowed else f"{kind}.reveal_refused",
            subject_type=subject_type,
            subject_id=subject_id,
            data={"reason": reason.strip()[:_LONGEST_KEPT], **(data or {})},
        )
    principal.require(Action.REVEAL, resource, monitor=monitor)
