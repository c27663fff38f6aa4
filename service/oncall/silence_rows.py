"""Silences in the state database, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.page import Page, cut
from service.errors import NotFound
from service.incidents import Incident
from service.oncall.silence import Matcher, Silence, silenced_by

_TABLE = tables.silence
_MATCHER = TypeAdapter(Matcher)


async def add(connection: AsyncConnection, silence: Silence) -> None:
    """Insert a new one."""
    values = {name: getattr(silence, name) for name in Silence.__dataclass_fields__}
    values["matcher"] = _MATCHER.dump_python(silence.matcher, mode="json")
    await connection.execute(insert(_TABLE).values(values))


async def end(connection: AsyncConnection, silence_id: str, *, at: datetime, by: str) -> None:
    """Note that it is over."""
    await connection.execute(
        update(_TABLE).where(_TABLE.c.id == silence_id).values(ended_at=at, ended_by=by)
    )


async def get(connection: AsyncConnection, silence_id: str) -> Silence:
    """By id. Raises NotFound."""
    return await _one(connection, silence_id, select(_TABLE))


async def held(connection: AsyncConnection, silence_id: str, *, wait: bool = True) -> Silence:
    """By id, held for this transaction. Raises NotFound.

    A handler does not `wait` for a person who is about to cancel its timer: it fails, and fires
    again.
    """
    return await _one(connection, silence_id, select(_TABLE).with_for_update(nowait=not wait))


async def standing(connection: AsyncConnection, at: datetime) -> tuple[Silence, ...]:
    """Those that are in force at that instant."""
    rows = await connection.execute(
        select(_TABLE)
        .where(_TABLE.c.ended_at.is_(None), _TABLE.c.starts_at <= at, _TABLE.c.ends_at > at)
        .order_by(_TABLE.c.id)
    )
    return tuple(_read(row) for row in rows)


async def silence_of(
    connection: AsyncConnection, incident: Incident, *, gravest: str, now: datetime
) -> Silence | None:
    """The silence that keeps the incident from paging; `gravest` is the tier above all others."""
    return silenced_by(await standing(connection, now), incident, at=now, gravest=gravest)


async def page(
    connection: AsyncConnection,
    *,
    over: bool | None,
    after: str | None,
    limit: int,
    within: frozenset[str] | None = None,
) -> Page[Silence]:
    """Newest first; `over` None is all of them, `within` those that are about such monitors.

    Raises NotFound for an unknown `after`.
    """
    query = select(_TABLE).order_by(_TABLE.c.created_at.desc(), _TABLE.c.id.desc())
    if over is not None:
        ended = _TABLE.c.ended_at
        query = query.where(ended.is_not(None) if over else ended.is_(None))
    if after is not None:
        last = await get(connection, after)
        made = _TABLE.c.created_at
        same = and_(made == last.created_at, _TABLE.c.id < last.id)
        query = query.where(or_(made < last.created_at, same))
    if within is None:
        query = query.limit(limit + 1)
    found = (_read(row) for row in await connection.execute(query))
    rows = [silence for silence in found if silence.matcher.is_about(within)]
    return cut(rows[: limit + 1], limit=limit, key=lambda silence: silence.id)


async def _one(
    connection: AsyncConnection, silence_id: str, query: Select[tuple[Any, ...]]
) -> Silence:
    row = (await connection.execute(query.where(_TABLE.c.id == silence_id))).first()
    if row is None:
        raise NotFound(f"there is no silence {silence_id!r}")
    return _read(row)


def _read(row: Row[Any]) -> Silence:
    values = dict(row._mapping)
    return Silence(**{**values, "matcher": _MATCHER.validate_python(values["matcher"])})
