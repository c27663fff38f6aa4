"""Queries on review items. Functions take a connection and never commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert
from service.db.storable import storable
from service.errors import Conflict, NotFound
from service.moderation.case import CaseLabel
from service.moderation.review.lifecycle import UNDECIDED, Line, Ruling, State
from service.moderation.review.model import RISKS, ItemFilter, Origin, ReviewItem, Sort

_ITEM = tables.review_item
_LABEL = tables.review_label
_NAMES = tuple(ReviewItem.__dataclass_fields__)
_COLUMNS = [_ITEM.c[name] for name in _NAMES]
_OPEN = _ITEM.c.state.in_([state.value for state in UNDECIDED])

Position = tuple[int, int, datetime, str]
"""Where a page ended: urgency, risk, due time and id; by due time the risk is 0."""


async def add(connection: AsyncConnection, item: ReviewItem) -> bool:
    """Insert an item; False when it is there already, which leaves that one as it is."""
    values = {name: getattr(item, name) for name in _NAMES} | {
        "text": storable(item.text),
        "caller_item": storable(item.caller_item),
        "parent": storable(item.parent),
        "session": [storable(text) for text in item.session],
        "labels": [_label_json(label) for label in item.labels],
        "versions": dict(item.versions),
        "risk_order": _risk_order(item.risk_level),
        "urgency": 1,
    }
    inserted = await connection.execute(
        insert(connection, _ITEM).values(values).on_conflict_do_nothing(index_elements=["id"])
    )
    if inserted.rowcount != 1:
        return False
    if names := sorted({label.label for label in item.labels}):
        rows = [{"item_id": item.id, "label": name} for name in names]
        await connection.execute(insert(connection, _LABEL), rows)
    return True


async def find(
    connection: AsyncConnection, item_id: str, *, locked: bool = False
) -> ReviewItem | None:
    """The item, or None. `locked` keeps others from it until the transaction ends."""
    query = select(*_COLUMNS).where(_ITEM.c.id == item_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _item(row)


async def get(connection: AsyncConnection, item_id: str, *, locked: bool = False) -> ReviewItem:
    """The item, locked as in `find`. Raises NotFound naming the id."""
    found = await find(connection, item_id, locked=locked)
    if found is None:
        raise NotFound(f"there is no review item {item_id!r}")
    return found


async def change(
    connection: AsyncConnection, item: ReviewItem, *, now: datetime, **values: Any
) -> ReviewItem:
    """Write changed columns if nobody else was faster. Raises Conflict saying what changed."""
    result = await connection.execute(
        update(_ITEM)
        .where(_ITEM.c.id == item.id, _ITEM.c.version == item.version)
        .values(**values, updated_at=now, version=item.version + 1)
    )
    current = await get(connection, item.id)
    if result.rowcount == 0:
        raise Conflict(f"{changed(current, item.version)}; load it again")
    return current


async def mark(connection: AsyncConnection, item_id: str, **values: Any) -> None:
    """Write what takes nothing from whoever is at work on the item: its version stays."""
    await connection.execute(update(_ITEM).where(_ITEM.c.id == item_id).values(**values))


def changed(current: ReviewItem, version: int) -> str:
    """What is told to whoever acted on an older version."""
    held = f" by {current.holder}" if current.state is State.CLAIMED else ""
    return (
        f"review item {current.id} has changed since version {version}: it is "
        f"{current.state.value}{held} on the {current.line.value} line, version {current.version}"
    )


async def page(
    connection: AsyncConnection,
    wanted: ItemFilter,
    *,
    sort: Sort,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[ReviewItem, ...]:
    """Items in the order of `sort`, what is overdue first, continuing after `after`."""
    columns = _ITEM.c
    risk = columns.risk_order if sort is Sort.RISK else literal(0)
    keys = (columns.urgency, risk, columns.due_at, columns.id)
    statement = select(*_COLUMNS).where(*_conditions(wanted, now))
    if after is not None:
        last = (literal(key, column.type) for key, column in zip(after, keys, strict=True))
        statement = statement.where(tuple_(*keys) > tuple_(*last))
    ordered = [columns.urgency, columns.due_at, columns.id]
    if sort is Sort.RISK:
        ordered.insert(1, columns.risk_order)
    rows = await connection.execute(statement.order_by(*ordered).limit(limit))
    return tuple(_item(row) for row in rows)


def position(item: ReviewItem, *, sort: Sort) -> Position:
    """The place of an item in that order."""
    risk = _risk_order(item.risk_level) if sort is Sort.RISK else 0
    return (1 if item.overdue_at is None else 0, risk, item.due_at, item.id)


def _conditions(wanted: ItemFilter, now: datetime) -> list[ColumnElement[bool]]:
    columns = _ITEM.c
    found: list[ColumnElement[bool]] = []
    if wanted.lines:
        found.append(columns.line.in_([line.value for line in wanted.lines]))
    if wanted.origins:
        found.append(columns.origin.in_([origin.value for origin in wanted.origins]))
    if wanted.holders:
        found.append(columns.holder.in_(wanted.holders))
    if wanted.authors:
        found.append(columns.author.in_(wanted.authors))
    if wanted.states:
        found.append(or_(*(_is_in(state, now) for state in wanted.states)))
    if wanted.labels:
        labelled = select(_LABEL.c.item_id).where(_LABEL.c.label.in_(wanted.labels))
        found.append(columns.id.in_(labelled))
    return found


def _is_in(state: State, now: datetime) -> ColumnElement[bool]:
    """A state by the clock: a lease that has run out leaves an item pending."""
    columns = _ITEM.c
    claimed = columns.state == State.CLAIMED.value
    if state is State.CLAIMED:
        return and_(claimed, columns.lease_until > now)
    if state is State.PENDING:
        expired = and_(claimed, columns.lease_until <= now)
        return or_(columns.state == State.PENDING.value, expired)
    return columns.state == state.value


async def under_hold(
    connection: AsyncConnection, hold_id: str, *, kind: str
) -> tuple[ReviewItem, ...]:
    """Undecided items of a kind that wait under one hold, second opinions left out."""
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(_ITEM.c.hold_id == hold_id, _ITEM.c.kind == kind, _ITEM.c.twin_of.is_(None), _OPEN)
        .order_by(_ITEM.c.id)
        .with_for_update()
    )
    return tuple(_item(row) for row in rows)


async def waiting_under_hold(
    connection: AsyncConnection, hold_id: str, *, kind: str, besides: str
) -> int:
    """How many items `under_hold` would find next to one of them."""
    counted = await connection.scalar(
        select(func.count()).where(
            _ITEM.c.hold_id == hold_id,
            _ITEM.c.kind == kind,
            _ITEM.c.twin_of.is_(None),
            _ITEM.c.id != besides,
            _OPEN,
        )
    )
    return int(counted or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLength:
    """What waits on a line, second opinions left out; `oldest_since` is when the oldest came."""

    line: Line
    waiting: int
    claimed: int
    overdue: int
    oldest_since: datetime | None


async def line_lengths(connection: AsyncConnection, *, now: datetime) -> tuple[LineLength, ...]:
    """Each line as it stands at `now`."""
    lengths = [await line_length(connection, line) for line in Line]
    counted = await connection.execute(
        select(_ITEM.c.line, func.count())
        .where(_is_in(State.CLAIMED, now), _ITEM.c.twin_of.is_(None))
        .group_by(_ITEM.c.line)
    )
    claimed: dict[str, int] = {row[0]: row[1] for row in counted}
    return tuple(replace(length, claimed=claimed.get(length.line.value, 0)) for length in lengths)


async def claims_by_person(connection: AsyncConnection, *, now: datetime) -> dict[str, int]:
    """How many items each person has at `now`, second opinions among them."""
    rows = await connection.execute(
        select(_ITEM.c.holder, func.count())
        .where(_is_in(State.CLAIMED, now))
        .group_by(_ITEM.c.holder)
    )
    return {row[0]: row[1] for row in rows}


async def line_length(connection: AsyncConnection, line: Line) -> LineLength:
    """One line, without asking which claims still hold."""
    row = (
        await connection.execute(
            select(
                func.count(), func.count(_ITEM.c.overdue_at), func.min(_ITEM.c.entered_at)
            ).where(_OPEN, _ITEM.c.twin_of.is_(None), _ITEM.c.line == line.value)
        )
    ).one()
    return LineLength(
        line=line, waiting=int(row[0]), claimed=0, overdue=int(row[1]), oldest_since=row[2]
    )


def _item(row: Row[Any]) -> ReviewItem:
    values: dict[str, Any] = dict(row._mapping)
    ruling = values["ruling"]
    return ReviewItem(
        **values
        | {
            "origin": Origin(values["origin"]),
            "line": Line(values["line"]),
            "state": State(values["state"]),
            "ruling": None if ruling is None else Ruling(ruling),
            "labels": tuple(CaseLabel(**label) for label in values["labels"]),
            "session": tuple(values["session"] or ()),
        }
    )


def _label_json(label: CaseLabel) -> dict[str, Any]:
    return {"label": label.label, "score": label.score, "source": label.source}


def _risk_order(level: str) -> int:
    return RISKS.index(level) if level in RISKS else 0
