"""Queries on the ledger of promises. Functions take a connection and never commit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, literal, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.statements import PromiseKind
from service.db import tables
from service.db.columns import Instant
from service.errors import Conflict, NotFound
from service.statements.model import PromiseFilter, PromiseRow, PromiseSort, PromiseState
from service.statements.repository import Position, in_sight

_PROMISE = tables.promise
_NAMES = PromiseRow.__dataclass_fields__.keys()
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The due time, for sorting, of a promise without one."""


async def add(connection: AsyncConnection, promise: PromiseRow) -> None:
    values = {name: getattr(promise, name) for name in _NAMES}
    await connection.execute(insert(_PROMISE).values(values))


async def get(connection: AsyncConnection, promise_id: str, *, locked: bool = False) -> PromiseRow:
    """The promise; `locked` keeps others from it until the transaction ends. Raises NotFound."""
    query = select(_PROMISE).where(_PROMISE.c.id == promise_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    if row is None:
        raise NotFound(f"there is no promise {promise_id!r}")
    return _promise(row)


async def of_statement(connection: AsyncConnection, statement_id: str) -> tuple[PromiseRow, ...]:
    """The promises of a statement, dropped ones among them, in the order of their making."""
    rows = await connection.execute(
        select(_PROMISE)
        .where(_PROMISE.c.statement_id == statement_id)
        .order_by(_PROMISE.c.created_at, _PROMISE.c.id)
    )
    return tuple(_promise(row) for row in rows)


async def change(
    connection: AsyncConnection, promise: PromiseRow, *, now: datetime, **values: Any
) -> PromiseRow:
    """Write changed columns if nobody else was faster. Raises Conflict."""
    done = await connection.execute(
        update(_PROMISE)
        .where(_PROMISE.c.id == promise.id, _PROMISE.c.version == promise.version)
        .values(**values, updated_at=now, version=promise.version + 1)
    )
    if done.rowcount == 0:
        raise Conflict(f"promise {promise.id} has just changed; load it again")
    return await get(connection, promise.id)


async def mark(connection: AsyncConnection, promise_id: str, **values: Any) -> None:
    """Write what takes nothing from whoever is at work on the promise: its version stays."""
    await connection.execute(update(_PROMISE).where(_PROMISE.c.id == promise_id).values(**values))


async def page(
    connection: AsyncConnection,
    wanted: PromiseFilter,
    *,
    sort: PromiseSort,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[PromiseRow, ...]:
    """In the order of `sort`, continuing after a position."""
    columns = _PROMISE.c
    key: ColumnElement[datetime] = columns.created_at
    if sort is PromiseSort.DUE:
        key = func.coalesce(columns.due_at, literal(NEVER, Instant()), type_=Instant())
    query = in_sight(select(_PROMISE), columns.incident_id, wanted.within, wanted.private)
    for condition in _conditions(wanted, now):
        query = query.where(condition)
    if after is not None:
        beyond = key > after[0] if sort is PromiseSort.DUE else key < after[0]
        query = query.where(or_(beyond, and_(key == after[0], columns.id > after[1])))
    ordered = key if sort is PromiseSort.DUE else key.desc()
    rows = await connection.execute(query.order_by(ordered, columns.id).limit(limit))
    return tuple(_promise(row) for row in rows)


def position(promise: PromiseRow, sort: PromiseSort) -> Position:
    """The place of a promise in that order."""
    at = (promise.due_at or NEVER) if sort is PromiseSort.DUE else promise.created_at
    return at, promise.id


def _conditions(wanted: PromiseFilter, now: datetime) -> list[ColumnElement[bool]]:
    columns = _PROMISE.c
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (columns.incident_id, wanted.incident_id),
        (columns.statement_id, wanted.statement_id),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.states:
        found.append(columns.state.in_([state.value for state in wanted.states]))
    if wanted.kinds:
        found.append(columns.kind.in_([kind.value for kind in wanted.kinds]))
    if wanted.owners:
        found.append(columns.owner.in_(wanted.owners))
    if wanted.overdue is not None:
        late = and_(
            columns.state == PromiseState.OPEN.value, func.coalesce(columns.due_at <= now, False)
        )
        found.append(late if wanted.overdue else not_(late))
    return found


def _promise(row: Row[Any]) -> PromiseRow:
    values = {name: row._mapping[_PROMISE.c[name]] for name in _NAMES}
    kind, state = PromiseKind(values.pop("kind")), PromiseState(values.pop("state"))
    return PromiseRow(kind=kind, state=state, **values)
