"""The audit trail: rows written inside the transaction of what they tell about, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit.entry import AuditEntry, refuse_secrets
from service.db.page import Page, cut
from service.db.storable import storable
from service.db.tables import audit_entry
from service.errors import InvalidInput

SYSTEM = "system"
"""The actor of what no person asked for."""


async def record(
    connection: AsyncConnection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject_type: str,
    subject_id: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one row, unchained, in the caller's transaction; the sealer chains it soon after.

    `data` must be JSON-able. Raises SecretInAudit for keys named like secrets.
    """
    kept = dict(data or {})
    refuse_secrets(kept)
    await connection.execute(
        audit_entry.insert().values(
            at=at,
            actor=storable(actor)[:64],
            action=action,
            subject_type=subject_type,
            subject_id=storable(subject_id)[:128],
            data=storable(kept),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Filters are ANDed; None asks for nothing. Instants: `since` included, `until` not."""

    actor: str | None = None
    action: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def entries(
    connection: AsyncConnection,
    *,
    where: AuditFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[AuditEntry]:
    """Rows of the trail, newest first. Raises InvalidInput for an `after` that no page gave."""
    query = _filtered(select(audit_entry), where or AuditFilter())
    if after is not None:
        if not after.isdecimal():
            raise InvalidInput(f"not a place in the audit trail: {after!r}; take `next` of a page")
        query = query.where(audit_entry.c.id < int(after))
    rows = await connection.execute(query.order_by(audit_entry.c.id.desc()).limit(limit + 1))
    return cut([read(row) for row in rows], limit=limit, key=lambda entry: str(entry.id))


def _filtered(query: Select[Any], where: AuditFilter) -> Select[Any]:
    columns = audit_entry.c
    for column, value in (
        (columns.actor, where.actor),
        (columns.action, where.action),
        (columns.subject_type, where.subject_type),
        (columns.subject_id, where.subject_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if where.since is not None:
        query = query.where(columns.at >= where.since)
    if where.until is not None:
        query = query.where(columns.at < where.until)
    return query


def read(row: Row[Any]) -> AuditEntry:
    """The entry of a row of `audit_entry`."""
    return AuditEntry(**row._mapping)
