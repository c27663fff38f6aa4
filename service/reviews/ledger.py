"""The ledger of points: rows are added, never changed. Functions never commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert
from service.errors import NotFound
from service.reviews.points import Balance, NewPoints, PointReason, PointRow, load_point_rules

_POINT = tables.department_point
_NAMES = PointRow.__dataclass_fields__.keys() - {"reason", "redeemed_by"}

_HIGHEST = 2**63 - 1


async def add(connection: AsyncConnection, new: NewPoints, *, now: datetime) -> bool:
    """Write a row; False when what it counts was counted before."""
    points = load_point_rules().points[new.reason] if new.points is None else new.points
    made = await connection.execute(
        insert(connection, _POINT)
        .values(
            key=new.key,
            department_id=new.department_id,
            at=now,
            reason=new.reason.value,
            points=points,
            by=new.by,
            note=new.note,
            incident_id=new.incident_id,
            review_id=new.review_id,
            improvement_id=new.improvement_id,
            redeems=new.redeems,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return bool(made.rowcount)


async def get(connection: AsyncConnection, department_id: str, number: int) -> PointRow:
    """A row of that department. Raises NotFound."""
    possible = 0 < number <= _HIGHEST
    found = await _rows(connection, _POINT.c.id == number, limit=1) if possible else ()
    if not found or found[0].department_id != department_id:
        raise NotFound(f"department {department_id} has no row {number}")
    return found[0]


async def keyed(connection: AsyncConnection, key: str) -> PointRow:
    """The row that counts what `key` names, which has been added."""
    (row,) = await _rows(connection, _POINT.c.key == key, limit=1)
    return row


async def page(
    connection: AsyncConnection, department_id: str, *, before: int | None, limit: int
) -> tuple[PointRow, ...]:
    """Rows of a department, the newest first, older than `before`."""
    where = [_POINT.c.department_id == department_id]
    if before is not None:
        where.append(_POINT.c.id < before)
    return await _rows(connection, *where, limit=limit)


async def balances(
    connection: AsyncConnection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    department_id: str | None = None,
) -> tuple[Balance, ...]:
    """Sums by department, of rows from `since` and before `until`, by id."""
    points = _POINT.c.points
    query = select(
        _POINT.c.department_id,
        func.sum(points).label("points"),
        func.sum(case((points > 0, points), else_=0)).label("won"),
        func.sum(case((points < 0, points), else_=0)).label("lost"),
    )
    if since is not None:
        query = query.where(_POINT.c.at >= since)
    if until is not None:
        query = query.where(_POINT.c.at < until)
    if department_id is not None:
        query = query.where(_POINT.c.department_id == department_id)
    grouped = query.group_by(_POINT.c.department_id).order_by(_POINT.c.department_id)
    return tuple(
        Balance(
            department_id=row.department_id,
            points=int(row.points),
            won=int(row.won),
            lost=int(row.lost),
        )
        for row in await connection.execute(grouped)
    )


async def _rows(
    connection: AsyncConnection, *where: ColumnElement[bool], limit: int
) -> tuple[PointRow, ...]:
    redeeming = _POINT.alias("redeeming")
    redeemed_by = (
        select(redeeming.c.id).where(redeeming.c.redeems == _POINT.c.id).limit(1).scalar_subquery()
    )
    rows = await connection.execute(
        select(_POINT, redeemed_by.label("redeemed_by"))
        .where(*where)
        .order_by(_POINT.c.id.desc())
        .limit(limit)
    )
    return tuple(_row(row) for row in rows)


def _row(row: Row[Any]) -> PointRow:
    values = row._mapping
    return PointRow(
        reason=PointReason(values["reason"]),
        redeemed_by=values["redeemed_by"],
        **{name: values[_POINT.c[name]] for name in _NAMES},
    )
