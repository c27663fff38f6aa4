"""Showing what is hidden: to whom the role allows it, for a reason, and never without a trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth.principal import Principal
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


async def keep_reveal(
    connection: AsyncConnection,
    principal: Principal,
    *,
    allowed: bool,
    kind: str,
    subject_type: str,
    subject_id: str,
    reason: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write `kind.revealed`, or `kind.reveal_refused`, into the trail, in the caller's transaction.

    Call it before anything is shown, and for refusals too. Raises InvalidInput where somebody may
    look and does not say why.
    """
    if allowed:
        said_reason(reason)
    await record(
        connection,
        at=at,
        actor=principal.id,
        action=f"{kind}.revealed" if allowed else f"{kind}.reveal_refused",
        subject_type=subject_type,
        subject_id=subject_id,
        data={"reason": reason.strip()[:_LONGEST_KEPT], **(data or {})},
    )
