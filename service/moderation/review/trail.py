"""The two traces of everything that happens to an item: its own history, and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.moderation.review import records


async def trace(
    connection: AsyncConnection,
    item_id: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write both in the caller's transaction. `data` holds no text of the item."""
    await records.add_event(connection, item_id, at=now, kind=kind, actor=actor, data=data)
    await audit.record(
        connection,
        at=now,
        actor=actor,
        action=f"review.{kind}",
        subject_type="review_item",
        subject_id=item_id,
        data=data,
    )
