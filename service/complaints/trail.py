"""The two traces of all that happens to a complaint: its own history, and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.complaints import records
from service.complaints.clocks import SUBJECT
from service.complaints.model import Complaint


async def trace(
    connection: AsyncConnection,
    complaint: Complaint,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    note: str | None = None,
) -> None:
    """Write both in the caller's transaction; `complaint` is as it stands after it.

    `note` is in people's words: it stays out of the audit trail, which cannot forget an author.
    """
    await records.add_event(
        connection,
        complaint.id,
        at=now,
        kind=kind,
        actor=actor,
        version=complaint.version,
        note=note,
        data=data,
    )
    await audit.record(
        connection,
        at=now,
        actor=actor,
        action=f"complaint.{kind}",
        subject_type=SUBJECT,
        subject_id=complaint.id,
        data={"drill": complaint.drill, **data},
    )
