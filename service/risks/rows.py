"""Entries, their versions and links in the state database. Functions take a connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert
from service.db.storable import storable
from service.errors import Conflict
from service.risks.model import (
    Change,
    ChangeKind,
    Link,
    LinkKind,
    Risk,
    Snapshot,
    Stage,
    draft_json,
    draft_of,
)

_RISK, _CHANGE, _LINK = tables.risk, tables.risk_change, tables.risk_link


async def find(connection: AsyncConnection, risk_id: str, *, locked: bool = False) -> Risk | None:
    """One entry, or None; `locked` keeps others from it until the transaction ends."""
    query = select(_RISK).where(_RISK.c.id == risk_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _risk(row)


async def every(connection: AsyncConnection) -> tuple[Risk, ...]:
    """All entries, retired ones too, by id."""
    rows = await connection.execute(select(_RISK).order_by(_RISK.c.id))
    return tuple(_risk(row) for row in rows)


async def count(connection: AsyncConnection) -> int:
    """How many entries there are."""
    return int(await connection.scalar(select(func.count()).select_from(_RISK)) or 0)


async def add(connection: AsyncConnection, risk: Risk) -> None:
    """Raises Conflict where the id is taken."""
    inserted = await connection.execute(
        insert(connection, _RISK)
        .values(
            id=risk.id,
            created_by=risk.created_by,
            created_at=risk.created_at,
            updated_at=risk.updated_at,
            version=risk.version,
            **_standing(risk),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    if inserted.rowcount != 1:
        raise Conflict(f"risk {risk.id} was entered a moment ago by the same person")


async def write(connection: AsyncConnection, risk: Risk) -> None:
    """Store a locked entry as it is now, with its new version."""
    await connection.execute(
        update(_RISK)
        .where(_RISK.c.id == risk.id)
        .values(updated_at=risk.updated_at, version=risk.version, **_standing(risk))
    )


async def remember(
    connection: AsyncConnection,
    risk: Risk,
    kind: ChangeKind,
    *,
    by: str,
    note: str | None,
    data: Mapping[str, Any],
) -> None:
    """Put a version into the history; versions are never changed."""
    await connection.execute(
        insert(connection, _CHANGE).values(
            risk_id=risk.id,
            version=risk.version,
            kind=kind.value,
            at=risk.updated_at,
            by=by,
            note=storable(note),
            data=storable(data),
            **_standing(risk),
        )
    )


async def changes(
    connection: AsyncConnection,
    risk_id: str,
    *,
    before: int | None = None,
    since: int = 0,
    limit: int,
) -> tuple[Change, ...]:
    """Versions of an entry after `since`, the newest first; `before` is where a page ended."""
    query = select(_CHANGE).where(_CHANGE.c.risk_id == risk_id, _CHANGE.c.version > since)
    if before is not None:
        query = query.where(_CHANGE.c.version < before)
    rows = await connection.execute(query.order_by(_CHANGE.c.version.desc()).limit(limit))
    return tuple(_change(row) for row in rows)


async def standing_at(connection: AsyncConnection, at: datetime) -> dict[str, Change]:
    """The version of each entry that stood at that instant, by its id."""
    newest = (
        select(_CHANGE.c.risk_id, func.max(_CHANGE.c.version).label("version"))
        .where(_CHANGE.c.at <= at)
        .group_by(_CHANGE.c.risk_id)
        .subquery()
    )
    rows = await connection.execute(
        select(_CHANGE).join(
            newest,
            (newest.c.risk_id == _CHANGE.c.risk_id) & (newest.c.version == _CHANGE.c.version),
        )
    )
    return {row.risk_id: _change(row) for row in rows}


async def add_link(connection: AsyncConnection, risk_id: str, link: Link) -> bool:
    """False where it is there already."""
    inserted = await connection.execute(
        insert(connection, _LINK)
        .values(
            risk_id=risk_id,
            kind=link.kind.value,
            target_id=link.target_id,
            by=link.by,
            at=link.at,
        )
        .on_conflict_do_nothing(index_elements=["risk_id", "kind", "target_id"])
    )
    return inserted.rowcount == 1


async def remove_link(
    connection: AsyncConnection, risk_id: str, kind: LinkKind, target_id: str
) -> bool:
    """False where there is none."""
    removed = await connection.execute(
        delete(_LINK).where(
            _LINK.c.risk_id == risk_id, _LINK.c.kind == kind.value, _LINK.c.target_id == target_id
        )
    )
    return removed.rowcount == 1


async def links(connection: AsyncConnection, risk_id: str) -> tuple[Link, ...]:
    """What an entry is linked to, by time, without titles."""
    rows = await connection.execute(
        select(_LINK).where(_LINK.c.risk_id == risk_id).order_by(_LINK.c.at, _LINK.c.target_id)
    )
    return tuple(
        Link(kind=LinkKind(row.kind), target_id=row.target_id, by=row.by, at=row.at) for row in rows
    )


def _standing(risk: Risk) -> dict[str, Any]:
    return {
        "body": storable(draft_json(risk.draft)),
        "stage": risk.stage.value,
        "cycle": risk.cycle,
        "retired": risk.retired,
    }


def _snapshot(row: Row[Any]) -> dict[str, Any]:
    stood = Snapshot(
        draft=draft_of(row.body), stage=Stage(row.stage), cycle=row.cycle, retired=row.retired
    )
    return {name: getattr(stood, name) for name in Snapshot.__dataclass_fields__}


def _risk(row: Row[Any]) -> Risk:
    return Risk(
        id=row.id,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        **_snapshot(row),
    )


def _change(row: Row[Any]) -> Change:
    return Change(
        risk_id=row.risk_id,
        version=row.version,
        kind=ChangeKind(row.kind),
        at=row.at,
        by=row.by,
        note=row.note,
        data=row.data,
        **_snapshot(row),
    )
