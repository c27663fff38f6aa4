"""What belongs to a complaint: its posts, clocks, answers, ratings and history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.complaints.lifecycle import Clock
from service.complaints.model import (
    Answer,
    AnswerKind,
    ClockRow,
    ComplaintEvent,
    ComplaintPost,
    Part,
    Rating,
)
from service.db import tables
from service.db.statement import insert as insert_once
from service.db.storable import storable

_POST = tables.complaint_post
_CLOCK = tables.complaint_clock
_ANSWER = tables.complaint_answer
_RATING = tables.complaint_rating
_EVENT = tables.complaint_event

RowT = TypeVar("RowT", ComplaintPost, ClockRow, Answer, Rating, ComplaintEvent)


async def add_post(connection: AsyncConnection, complaint_id: str, post: ComplaintPost) -> bool:
    """Let a post belong to it; False when it does already."""
    added = await connection.execute(
        insert_once(connection, _POST)
        .values(complaint_id=complaint_id, **_values(post, ComplaintPost))
        .on_conflict_do_nothing()
    )
    return added.rowcount == 1


async def known_posts(connection: AsyncConnection, post_ids: Sequence[str]) -> frozenset[str]:
    """Those of the posts that some real complaint has."""
    complaint = tables.complaint
    rows = await connection.execute(
        select(_POST.c.post_id)
        .join(complaint, complaint.c.id == _POST.c.complaint_id)
        .where(_POST.c.post_id.in_(post_ids), complaint.c.drill.is_(False))
    )
    return frozenset(rows.scalars())


async def holders_of(
    connection: AsyncConnection, post_id: str, *, drill: bool
) -> tuple[tuple[str, Part], ...]:
    """(complaint, what the post is to it) of each that has the post, oldest first."""
    complaint = tables.complaint
    rows = await connection.execute(
        select(_POST.c.complaint_id, _POST.c.kind)
        .join(complaint, complaint.c.id == _POST.c.complaint_id)
        .where(_POST.c.post_id == post_id, complaint.c.drill.is_(drill))
        .order_by(_POST.c.at, _POST.c.complaint_id)
    )
    return tuple((row.complaint_id, Part(row.kind)) for row in rows)


async def posts_of(connection: AsyncConnection, complaint_id: str) -> tuple[ComplaintPost, ...]:
    """Its posts in the order in which they came."""
    rows = await _of(connection, _POST, complaint_id, _POST.c.at, _POST.c.post_id)
    return tuple(_read(row, ComplaintPost, kind=Part(row.kind)) for row in rows)


async def start_clock(
    connection: AsyncConnection,
    complaint_id: str,
    clock: Clock,
    *,
    number: int,
    started_at: datetime,
    due_at: datetime,
) -> None:
    """Begin a clock in that round."""
    await connection.execute(
        insert(_CLOCK).values(
            complaint_id=complaint_id,
            round=number,
            clock=clock.value,
            started_at=started_at,
            due_at=due_at,
        )
    )


async def mark_clock(
    connection: AsyncConnection,
    complaint_id: str,
    clocks: Collection[Clock],
    **values: datetime,
) -> None:
    """Write to those clocks of a complaint that still run, whatever their round."""
    await connection.execute(
        update(_CLOCK)
        .where(
            _CLOCK.c.complaint_id == complaint_id,
            _CLOCK.c.clock.in_([clock.value for clock in clocks]),
            _CLOCK.c.met_at.is_(None),
            _CLOCK.c.dropped_at.is_(None),
        )
        .values(**values)
    )


async def clocks_of(connection: AsyncConnection, complaint_id: str) -> tuple[ClockRow, ...]:
    """Every clock that it ever had, in the order in which they fall due."""
    rows = await _of(connection, _CLOCK, complaint_id, _CLOCK.c.round, _CLOCK.c.due_at)
    return tuple(_read(row, ClockRow, clock=Clock(row.clock)) for row in rows)


async def add_answer(connection: AsyncConnection, complaint_id: str, answer: Answer) -> None:
    """Append."""
    await connection.execute(
        insert(_ANSWER).values(complaint_id=complaint_id, **_values(answer, Answer))
    )


async def answers_of(connection: AsyncConnection, complaint_id: str) -> tuple[Answer, ...]:
    """Oldest first."""
    rows = await _of(connection, _ANSWER, complaint_id, _ANSWER.c.id)
    return tuple(_read(row, Answer, kind=AnswerKind(row.kind)) for row in rows)


async def add_rating(connection: AsyncConnection, complaint_id: str, rating: Rating) -> None:
    """Append: an earlier one stays."""
    await connection.execute(
        insert(_RATING).values(complaint_id=complaint_id, **_values(rating, Rating))
    )


async def ratings_of(connection: AsyncConnection, complaint_id: str) -> tuple[Rating, ...]:
    """Oldest first; the last one counts."""
    rows = await _of(connection, _RATING, complaint_id, _RATING.c.id)
    return tuple(_read(row, Rating) for row in rows)


async def add_event(
    connection: AsyncConnection,
    complaint_id: str,
    *,
    at: datetime,
    kind: str,
    actor: str,
    version: int,
    note: str | None,
    data: Mapping[str, Any],
) -> None:
    """Append to the history."""
    values = {"note": storable(note), "data": storable(data)}
    await connection.execute(
        insert(_EVENT).values(
            complaint_id=complaint_id, at=at, kind=kind, actor=actor, version=version, **values
        )
    )


async def history_of(connection: AsyncConnection, complaint_id: str) -> tuple[ComplaintEvent, ...]:
    """All that happened to it, oldest first."""
    rows = await _of(connection, _EVENT, complaint_id, _EVENT.c.id)
    return tuple(_read(row, ComplaintEvent) for row in rows)


async def count_breaches(connection: AsyncConnection, complaint_id: str) -> int:
    """Clocks of all rounds that ran out."""
    found = await connection.scalar(
        select(func.count()).where(
            _CLOCK.c.complaint_id == complaint_id, _CLOCK.c.breached_at.is_not(None)
        )
    )
    return int(found or 0)


async def clocks_of_each(
    connection: AsyncConnection, complaint_ids: Sequence[str]
) -> Mapping[str, list[ClockRow]]:
    """Of many complaints at once, each in the order of `clocks_of`."""
    rows = await _of_each(connection, _CLOCK, complaint_ids, _CLOCK.c.round, _CLOCK.c.due_at)
    return _grouped(rows, lambda row: _read(row, ClockRow, clock=Clock(row.clock)))


async def answers_of_each(
    connection: AsyncConnection, complaint_ids: Sequence[str]
) -> Mapping[str, list[Answer]]:
    """Of many complaints at once, oldest first."""
    rows = await _of_each(connection, _ANSWER, complaint_ids, _ANSWER.c.id)
    return _grouped(rows, lambda row: _read(row, Answer, kind=AnswerKind(row.kind)))


async def ratings_of_each(
    connection: AsyncConnection, complaint_ids: Sequence[str]
) -> Mapping[str, list[Rating]]:
    """Of many complaints at once, oldest first."""
    rows = await _of_each(connection, _RATING, complaint_ids, _RATING.c.id)
    return _grouped(rows, lambda row: _read(row, Rating))


async def _of_each(
    connection: AsyncConnection, table: Table, complaint_ids: Sequence[str], *order: Any
) -> list[Row[Any]]:
    found = await connection.execute(
        select(table).where(table.c.complaint_id.in_(complaint_ids)).order_by(*order)
    )
    return list(found)


def _grouped(rows: Sequence[Row[Any]], read: Callable[[Row[Any]], RowT]) -> dict[str, list[RowT]]:
    found: dict[str, list[RowT]] = {}
    for row in rows:
        found.setdefault(row.complaint_id, []).append(read(row))
    return found


async def _of(
    connection: AsyncConnection, table: Table, complaint_id: str, *order: Any
) -> list[Row[Any]]:
    found = await connection.execute(
        select(table).where(table.c.complaint_id == complaint_id).order_by(*order)
    )
    return list(found)


def _read(row: Row[Any], made: type[RowT], /, **typed: Any) -> RowT:
    values = {name: row._mapping[name] for name in made.__dataclass_fields__}
    return made(**values | typed)


def _values(item: Any, kind: type[Any]) -> dict[str, Any]:
    return {name: storable(getattr(item, name)) for name in kind.__dataclass_fields__}
