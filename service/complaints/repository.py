"""Queries on complaints. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.complaints.lifecycle import FOLDING, State
from service.complaints.model import Complaint, ComplaintFilter, Origin
from service.db import tables
from service.db.statement import insert
from service.db.storable import storable
from service.errors import Conflict, NotFound

_TABLE = tables.complaint
_POST = tables.complaint_post
_EVENT = tables.complaint_event
_NAMES = tuple(Complaint.__dataclass_fields__)
_COLUMNS = [_TABLE.c[name] for name in _NAMES]

Position = tuple[int, datetime, str]
"""Where a page ended: resting, due time and id."""


async def add(connection: AsyncConnection, complaint: Complaint) -> bool:
    """Insert a complaint; False when another transaction was first with this one of its subject."""
    values = {name: storable(getattr(complaint, name)) for name in _NAMES}
    inserted = await connection.execute(
        insert(connection, _TABLE).values(values).on_conflict_do_nothing()
    )
    return inserted.rowcount == 1


async def find(
    connection: AsyncConnection, complaint_id: str, *, locked: bool = False
) -> Complaint | None:
    """The complaint, or None. `locked` keeps others from it until the transaction ends."""
    query = select(*_COLUMNS).where(_TABLE.c.id == complaint_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _complaint(row)


async def seize(connection: AsyncConnection, complaint_id: str) -> Complaint | None:
    """The complaint, kept from others, at once or not at all; None without one.

    For handlers of timers, which must not wait: whoever has it may be about to cancel the timer.
    """
    query = select(*_COLUMNS).where(_TABLE.c.id == complaint_id)
    row = (await connection.execute(query.with_for_update(nowait=True))).first()
    return None if row is None else _complaint(row)


async def get(connection: AsyncConnection, complaint_id: str, *, locked: bool = False) -> Complaint:
    """The complaint, locked as in `find`. Raises NotFound naming the id."""
    found = await find(connection, complaint_id, locked=locked)
    if found is None:
        raise NotFound(f"there is no complaint {complaint_id!r}")
    return found


async def change(
    connection: AsyncConnection, complaint: Complaint, *, now: datetime, **values: Any
) -> Complaint:
    """Write changed columns if nobody else was faster. Raises Conflict saying what changed."""
    result = await connection.execute(
        update(_TABLE)
        .where(_TABLE.c.id == complaint.id, _TABLE.c.version == complaint.version)
        .values(**values, updated_at=now, version=complaint.version + 1)
    )
    current = await get(connection, complaint.id)
    if result.rowcount == 0:
        raise Conflict(await changed(connection, current, complaint.version))
    return current


async def mark(connection: AsyncConnection, complaint_id: str, **values: Any) -> None:
    """Write what takes nothing from whoever is at work on it: its version stays."""
    await connection.execute(update(_TABLE).where(_TABLE.c.id == complaint_id).values(**values))


async def changed(connection: AsyncConnection, current: Complaint, version: int) -> str:
    """What is told to whoever acted on an older version: each deed since, and whose it was."""
    rows = await connection.execute(
        select(_EVENT.c.kind, _EVENT.c.actor)
        .where(_EVENT.c.complaint_id == current.id, _EVENT.c.version > version)
        .order_by(_EVENT.c.id)
    )
    since = ", ".join(f"{kind} by {actor}" for kind, actor in rows) or "nothing by a person"
    held = f", with {current.assignee}" if current.assignee is not None else ""
    return (
        f"complaint {current.id} has changed since version {version} ({since}): it is "
        f"{current.state.value}{held}, version {current.version}; load it again"
    )


async def latest(connection: AsyncConnection, subject: str) -> Complaint | None:
    """The open complaint of a person, brand and cause, else the newest; kept from others.

    None for the first.
    """
    is_open = _TABLE.c.state.in_([state.value for state in FOLDING])
    row = (
        await connection.execute(
            select(*_COLUMNS)
            .where(_TABLE.c.subject == subject)
            .order_by(is_open.desc(), _TABLE.c.ordinal.desc())
            .limit(1)
            .with_for_update()
        )
    ).first()
    return None if row is None else _complaint(row)


async def of_copies(
    connection: AsyncConnection, copy_group: str, *, monitor: str, cause: str, drill: bool
) -> Complaint | None:
    """The first complaint of a monitor and cause that has these words and still takes posts."""
    row = (
        await connection.execute(
            select(*_COLUMNS)
            .join(_POST, _POST.c.complaint_id == _TABLE.c.id)
            .where(
                _POST.c.copy_group == copy_group,
                _TABLE.c.monitor_id == monitor,
                _TABLE.c.cause == cause,
                _TABLE.c.drill.is_(drill),
                _TABLE.c.state.in_([state.value for state in FOLDING]),
            )
            .order_by(_TABLE.c.opened_at, _TABLE.c.id)
            .limit(1)
        )
    ).first()
    return None if row is None else await find(connection, row.id, locked=True)


async def opened_by(connection: AsyncConnection, rule_id: str, *, since: datetime) -> int:
    """How many a rule has opened since."""
    found = await connection.scalar(
        select(func.count()).where(
            _TABLE.c.rule_id == rule_id,
            _TABLE.c.origin == Origin.RULE.value,
            _TABLE.c.opened_at > since,
        )
    )
    return int(found or 0)


async def page(
    connection: AsyncConnection,
    wanted: ComplaintFilter,
    *,
    after: Position | None,
    limit: int,
) -> tuple[Complaint, ...]:
    """By time to breach: what is waited for first, the longest overdue before all."""
    keys = (_TABLE.c.resting, _TABLE.c.due_at, _TABLE.c.id)
    statement = select(*_COLUMNS).where(*_conditions(wanted))
    if after is not None:
        last = (literal(key, column.type) for key, column in zip(after, keys, strict=True))
        statement = statement.where(tuple_(*keys) > tuple_(*last))
    rows = await connection.execute(statement.order_by(*keys).limit(limit))
    return tuple(_complaint(row) for row in rows)


def position(complaint: Complaint) -> Position:
    """The place of a complaint in that order."""
    return (complaint.resting, complaint.due_at, complaint.id)


def _conditions(wanted: ComplaintFilter) -> list[ColumnElement[bool]]:
    columns = _TABLE.c
    found: list[ColumnElement[bool]] = [columns.drill.is_(wanted.drill)]
    for column, values in (
        (columns.state, tuple(state.value for state in wanted.states)),
        (columns.monitor_id, wanted.monitors),
        (columns.scenario, wanted.scenarios),
        (columns.cause, wanted.causes),
    ):
        if values:
            found.append(column.in_(values))
    if wanted.incidents:
        found.append(columns.incident_id.in_(_whole(wanted.incidents)))
    if wanted.assignees:
        named = columns.assignee.in_([name for name in wanted.assignees if name])
        nobody = columns.assignee.is_(None)
        found.append(or_(named, nobody) if "" in wanted.assignees else named)
    if wanted.breached is not None:
        found.append(columns.breaches > 0 if wanted.breached else columns.breaches == 0)
    if wanted.opened_since is not None:
        found.append(columns.opened_at >= wanted.opened_since)
    if wanted.opened_until is not None:
        found.append(columns.opened_at < wanted.opened_until)
    if wanted.reach is not None:
        found.append(columns.monitor_id.in_(sorted(wanted.reach)))
    return found


def _whole(incidents: Sequence[str]) -> Select[tuple[str]]:
    """Those incidents and all that were merged into them: their complaints went along."""
    incident = tables.incident.c
    whole = select(incident.id).where(incident.id.in_(incidents)).cte(recursive=True)
    merged = select(incident.id).where(incident.merged_into == whole.c.id)
    # Distinct: no circle of merges, should there ever be one, goes round for ever.
    whole = whole.union(merged)
    return select(whole.c.id)


def _complaint(row: Row[Any]) -> Complaint:
    values = {name: row._mapping[name] for name in _NAMES}
    return Complaint(
        **values | {"state": State(values["state"]), "origin": Origin(values["origin"])}
    )
