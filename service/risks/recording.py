"""Every change of an entry: stored with its version, kept in its history, audited; at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.auth import Principal
from service.risks import rows
from service.risks.model import ChangeKind, Risk


async def entered(connection: AsyncConnection, risk: Risk, principal: Principal) -> None:
    """A new entry. Raises Conflict where there is one of that id."""
    await rows.add(connection, risk)
    await _tell(connection, risk, ChangeKind.CREATED, principal, note=None, data={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that a person does to an entry which is locked until the transaction ends."""

    connection: AsyncConnection
    risk: Risk
    principal: Principal
    now: datetime

    async def save(
        self,
        kind: ChangeKind,
        after: Mapping[str, Any] | None = None,
        *,
        note: str | None = None,
        **data: Any,
    ) -> Risk:
        """The entry as it is from now on, its next version; `after` are fields that differ."""
        saved = replace(
            self.risk, **(after or {}), updated_at=self.now, version=self.risk.version + 1
        )
        await rows.write(self.connection, saved)
        await _tell(self.connection, saved, kind, self.principal, note=note, data=data)
        return saved


async def changed_since(connection: AsyncConnection, risk: Risk, version: int) -> str:
    """What is told to whoever acted on an older version."""
    newer = await rows.changes(connection, risk.id, since=version, limit=20)
    said = ", ".join(f"{item.by} {item.kind} it" for item in reversed(newer))
    return (
        f"risk {risk.id} is at version {risk.version}, not {version}: "
        f"{said or 'that one never was'}; reload and retry"
    )


async def _tell(
    connection: AsyncConnection,
    risk: Risk,
    kind: ChangeKind,
    principal: Principal,
    *,
    note: str | None,
    data: Mapping[str, Any],
) -> None:
    await rows.remember(connection, risk, kind, by=principal.id, note=note, data=data)
    await audit.record(
        connection,
        at=risk.updated_at,
        actor=principal.id,
        action=f"risk.{kind}",
        subject_type="risk",
        subject_id=risk.id,
        data={"version": risk.version, "note": note, **data},
    )
