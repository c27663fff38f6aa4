"""Improvements in the state database. Functions never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.errors import Conflict, NotFound
from service.reviews.lifecycle import OPEN_ITEMS, UNDONE_ITEMS
from service.reviews.model import Improvement, ItemFilter, ItemKind, ItemSort, ItemState

_ITEM = tables.improvement
_NAMES = Improvement.__dataclass_fields__.keys()

Position = tuple[datetime | float, str]
"""The sorted value and the id of the last one seen."""


async def add(connection: AsyncConnection, item: Improvement) -> None:
    values = {name: getattr(item, name) for name in _NAMES}
    await connection.execute(insert(_ITEM).values(values))


async def get(
    connection: AsyncConnection, item_id: str, *, locked: bool = False, wait: bool = True
) -> Improvement:
    """`locked` keeps others from it until the transaction ends. Raises NotFound.

    A timer's handler must not `wait`: whoever has it may be about to cancel the timer.
    """
    query = select(_ITEM).where(_ITEM.c.id == item_id)
    row = (
        await connection.execute(query.with_for_update(nowait=not wait) if locked else query)
    ).first()
    if row is None:
        raise NotFound(f"there is no improvement {item_id!r}")
    return _item(row)


async def change(
    connection: AsyncConnection, item: Improvement, *, now: datetime, **values: Any
) -> Improvement:
    """Write changed columns if nobody else was faster. Raises Conflict."""
    done = await connection.execute(
        update(_ITEM)
        .where(_ITEM.c.id == item.id, _ITEM.c.version == item.version)
        .values(**values, updated_at=now, version=item.version + 1)
    )
    if done.rowcount == 0:
        raise Conflict(f"improvement {item.id} has just changed; load it again")
    return await get(connection, item.id)


async def of_review(connection: AsyncConnection, review_id: str) -> tuple[Improvement, ...]:
    """All of a review, the highest rank first."""
    rows = await connection.execute(
        select(_ITEM)
        .where(_ITEM.c.review_id == review_id)
        .order_by(_ITEM.c.rank.desc(), _ITEM.c.id)
    )
    return tuple(_item(row) for row in rows)


async def open_of(
    connection: AsyncConnection, department_id: str, *, locked: bool = False
) -> tuple[Improvement, ...]:
    """What a department still has to do something about, by id."""
    query = (
        select(_ITEM)
        .where(_ITEM.c.department_id == department_id, _ITEM.c.state.in_(_values(OPEN_ITEMS)))
        .order_by(_ITEM.c.id)
    )
    rows = await connection.execute(query.with_for_update() if locked else query)
    return tuple(_item(row) for row in rows)


async def count_of(connection: AsyncConnection, review_id: str) -> int:
    """How many a review has had."""
    found = await connection.scalar(select(func.count()).where(_ITEM.c.review_id == review_id))
    return int(found or 0)


async def page(
    connection: AsyncConnection,
    wanted: ItemFilter,
    *,
    sort: ItemSort,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[Improvement, ...]:
    """In the order of `sort`, continuing after a position."""
    columns: dict[ItemSort, ColumnElement[Any]] = {
        ItemSort.DUE: _ITEM.c.due_at,
        ItemSort.RANK: _ITEM.c.rank,
        ItemSort.NEWEST: _ITEM.c.proposed_at,
    }
    key, upwards = columns[sort], sort is ItemSort.DUE
    query = select(_ITEM).where(*_conditions(wanted, now))
    if after is not None:
        beyond = key > after[0] if upwards else key < after[0]
        query = query.where(or_(beyond, and_(key == after[0], _ITEM.c.id > after[1])))
    rows = await connection.execute(
        query.order_by(key if upwards else key.desc(), _ITEM.c.id).limit(limit)
    )
    return tuple(_item(row) for row in rows)


def position(item: Improvement, sort: ItemSort) -> Position:
    """The place of an improvement in that order."""
    if sort is ItemSort.RANK:
        return item.rank, item.id
    return (item.due_at if sort is ItemSort.DUE else item.proposed_at), item.id


def _conditions(wanted: ItemFilter, now: datetime) -> list[ColumnElement[bool]]:
    columns = _ITEM.c
    chosen: Sequence[tuple[ColumnElement[Any], Sequence[str]]] = (
        (columns.department_id, wanted.departments),
        (columns.state, _values(wanted.states)),
        (columns.kind, [kind.value for kind in wanted.kinds]),
        (columns.owner, wanted.owners),
        (columns.monitor_id, wanted.monitors),
    )
    found: list[ColumnElement[bool]] = []
    found += [column.in_(values) for column, values in chosen if values]
    if wanted.review_id is not None:
        found.append(columns.review_id == wanted.review_id)
    if wanted.incident_id is not None:
        found.append(columns.incident_id == wanted.incident_id)
    if wanted.within is not None:
        found.append(columns.monitor_id.in_(sorted(wanted.within)))
    if wanted.overdue is not None:
        late = and_(columns.state.in_(_values(UNDONE_ITEMS)), columns.due_at <= now)
        found.append(late if wanted.overdue else not_(late))
    return found


def _values(states: Collection[ItemState]) -> list[str]:
    return sorted(state.value for state in states)


def _item(row: Row[Any]) -> Improvement:
    values = {name: row._mapping[_ITEM.c[name]] for name in _NAMES}
    kind, state = ItemKind(values.pop("kind")), ItemState(values.pop("state"))
    return Improvement(kind=kind, state=state, **values)
