"""Hand-overs in the state database. Functions never commit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.page import newest_first
from service.db.statement import insert
from service.db.storable import storable
from service.errors import NotFound
from service.trackers.model import (
    Handover,
    HandoverFilter,
    Standing,
    State,
    SubjectKind,
    Trouble,
)

_TABLE = tables.tracker_handover
_NAMES = tuple(Handover.__dataclass_fields__)
_LIVE = (State.SENDING.value, State.OPEN.value, State.CLOSED.value)
_JOINED = _TABLE.join(tables.improvement, tables.improvement.c.id == _TABLE.c.subject_id)
_UNSEEN = (
    _TABLE.c.subject_kind == SubjectKind.IMPROVEMENT.value,
    _TABLE.c.state.in_(_LIVE),
    tables.improvement.c.version != _TABLE.c.item_version,
)
_ASKABLE = (_TABLE.c.poll_at.is_not(None), _TABLE.c.key.is_not(None))


async def add(connection: AsyncConnection, handover: Handover) -> tuple[Handover, bool]:
    """The hand-over of its subject, and whether it is this one: else nothing is written."""
    made = await connection.execute(
        insert(connection, _TABLE)
        .values(**_values(handover))
        .on_conflict_do_nothing(index_elements=["subject_kind", "subject_id"])
    )
    return await get(connection, handover.id), made.rowcount == 1


async def put(connection: AsyncConnection, handover: Handover, *, now: datetime) -> None:
    """Write it anew; the caller holds its row."""
    values = _values(handover) | {"updated_at": now}
    await connection.execute(update(_TABLE).where(_TABLE.c.id == handover.id).values(**values))


async def get(connection: AsyncConnection, handover_id: str, *, locked: bool = False) -> Handover:
    """`locked` keeps others from it until the transaction ends. Raises NotFound."""
    found = await _first(connection, select(_TABLE).where(_TABLE.c.id == handover_id), locked)
    if found is None:
        raise NotFound(f"there is no hand-over {handover_id!r}")
    return found


async def of_subject(
    connection: AsyncConnection, kind: SubjectKind, subject_id: str
) -> Handover | None:
    """That of an improvement or report, if it was handed over."""
    where = (_TABLE.c.subject_kind == kind.value, _TABLE.c.subject_id == subject_id)
    return await _first(connection, select(_TABLE).where(*where), False)


async def of_key(connection: AsyncConnection, tracker: str, key: str) -> Handover | None:
    """That of a ticket, if it is one of ours."""
    where = (_TABLE.c.tracker == tracker, _TABLE.c.key == key)
    return await _first(connection, select(_TABLE).where(*where).order_by(_TABLE.c.id), False)


async def page(
    connection: AsyncConnection,
    wanted: HandoverFilter,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> tuple[Handover, ...]:
    """The newest first, one more than `limit`."""
    query = newest_first(
        select(_TABLE).where(*_conditions(wanted)), _TABLE, after=after, limit=limit
    )
    return tuple(_handover(row) for row in await connection.execute(query))


async def earliest(connection: AsyncConnection) -> datetime | None:
    """Since when an improvement has changed unseen, or when a ticket is to be asked about."""
    instants = [
        await connection.scalar(
            select(func.min(tables.improvement.c.updated_at)).select_from(_JOINED).where(*_UNSEEN)
        ),
        await connection.scalar(select(func.min(_TABLE.c.poll_at)).where(*_ASKABLE)),
    ]
    return min((instant for instant in instants if instant is not None), default=None)


async def moved_here(connection: AsyncConnection, *, limit: int) -> tuple[str, ...]:
    """Ids of those whose improvement has changed since it was looked at."""
    query = select(_TABLE.c.id).select_from(_JOINED).where(*_UNSEEN).order_by(_TABLE.c.id)
    return tuple(await connection.scalars(query.limit(limit)))


async def to_poll(
    connection: AsyncConnection, *, now: datetime, limit: int
) -> tuple[Handover, ...]:
    """Those to be asked about, the longest waiting first."""
    query = (
        select(_TABLE)
        .where(*_ASKABLE, _TABLE.c.poll_at <= now)
        .order_by(_TABLE.c.poll_at, _TABLE.c.id)
        .limit(limit)
    )
    return tuple(_handover(row) for row in await connection.execute(query))


async def _first(connection: AsyncConnection, query: Select[Any], locked: bool) -> Handover | None:
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _handover(row)


def _conditions(wanted: HandoverFilter) -> list[ColumnElement[bool]]:
    columns = _TABLE.c
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(columns.state.in_([state.value for state in wanted.states]))
    if wanted.trackers:
        found.append(columns.tracker.in_(wanted.trackers))
    if wanted.subject_id is not None:
        found.append(columns.subject_id == wanted.subject_id)
    if wanted.incident_id is not None:
        found.append(columns.incident_id == wanted.incident_id)
    if wanted.troubled is not None:
        none = columns.trouble.is_(None)
        found.append(~none if wanted.troubled else none)
    if wanted.within is not None:
        found.append(columns.monitor_id.in_(sorted(wanted.within)))
    return found


def _values(handover: Handover) -> dict[str, Any]:
    values = asdict(handover)
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = storable(str(value))
    return values | {"fields": storable(dict(handover.fields))}


def _handover(row: Row[Any]) -> Handover:
    values = {name: row._mapping[_TABLE.c[name]] for name in _NAMES}
    standing, trouble = values.pop("standing"), values.pop("trouble")
    return Handover(
        subject_kind=SubjectKind(values.pop("subject_kind")),
        state=State(values.pop("state")),
        wanted=Standing(values.pop("wanted")),
        standing=None if standing is None else Standing(standing),
        trouble=None if trouble is None else Trouble(trouble),
        **values,
    )
