"""Briefings in the state database. Functions take a connection, none commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.briefings.content import body_json, body_of, prose_json, prose_of
from service.briefings.lifecycle import State
from service.briefings.model import Briefing, BriefingFilter, Language
from service.briefings.period import Kind
from service.db.page import newest_first
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import briefing, briefing_monitor
from service.errors import NotFound
from service.indicators import Window

Position = tuple[datetime, str]
_PLAIN = (
    *("id", "name", "brand_id", "schedule_id", "due_at", "prepared_by", "created_at"),
    *("edited_at", "edited_by", "approved_at", "approved_by", "delivered_at", "delivered_by"),
    *("discarded_at", "discarded_by", "reason", "version"),
)


async def add(connection: AsyncConnection, item: Briefing) -> bool:
    """False where the time of its schedule, or its id, has a briefing already."""
    inserted = await connection.execute(
        insert(connection, briefing).values(**_values(item)).on_conflict_do_nothing()
    )
    if inserted.rowcount != 1:
        return False
    await connection.execute(
        insert(connection, briefing_monitor),
        [{"briefing_id": item.id, "monitor_id": name} for name in item.monitors],
    )
    return True


async def get(connection: AsyncConnection, briefing_id: str, *, locked: bool = False) -> Briefing:
    """One briefing; `locked` keeps others from it until the transaction ends. Raises NotFound."""
    query = select(briefing).where(briefing.c.id == briefing_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    if row is None:
        raise missing(briefing_id)
    monitors = await _monitors(connection, [briefing_id])
    return _briefing(row, monitors.get(briefing_id, ()))


def missing(briefing_id: str) -> NotFound:
    """The same for one that is not there and one that is out of reach."""
    return NotFound(f"there is no briefing {briefing_id!r}")


async def write(connection: AsyncConnection, item: Briefing) -> None:
    """Store a locked briefing as it is now, with its new version."""
    values = _values(item)
    del values["id"]
    await connection.execute(update(briefing).where(briefing.c.id == item.id).values(**values))


async def page(
    connection: AsyncConnection,
    wanted: BriefingFilter,
    *,
    after: Position | None,
    limit: int,
) -> tuple[Briefing, ...]:
    """The newest first, and one more than the limit where there are more."""
    query = newest_first(_filtered(wanted), briefing, after=after, limit=limit)
    rows = (await connection.execute(query)).all()
    monitors = await _monitors(connection, [row.id for row in rows])
    return tuple(_briefing(row, monitors.get(row.id, ())) for row in rows)


def _filtered(wanted: BriefingFilter) -> Select[Any]:
    query = select(briefing)
    if wanted.kinds:
        query = query.where(briefing.c.kind.in_([kind.value for kind in wanted.kinds]))
    if wanted.states:
        query = query.where(briefing.c.state.in_([state.value for state in wanted.states]))
    of_it = briefing_monitor.c.briefing_id == briefing.c.id
    if wanted.monitors:
        query = query.where(
            exists().where(of_it, briefing_monitor.c.monitor_id.in_(wanted.monitors))
        )
    if wanted.within is not None:
        query = query.where(
            ~exists().where(of_it, briefing_monitor.c.monitor_id.not_in(sorted(wanted.within)))
        )
    return query


async def _monitors(connection: AsyncConnection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    table = briefing_monitor
    rows = await connection.execute(
        select(table).where(table.c.briefing_id.in_(ids)).order_by(table.c.monitor_id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.briefing_id] = (*found.get(row.briefing_id, ()), row.monitor_id)
    return found


def _values(item: Briefing) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in _PLAIN},
        "name": storable(item.name),
        "reason": storable(item.reason),
        "kind": item.kind.value,
        "state": item.state.value,
        "lang": item.language.value,
        "since": item.window.since,
        "until": item.window.until,
        "channels": list(item.channels),
        "delivered_to": list(item.delivered_to),
        "body": storable(body_json(item.body)),
        "prose": storable(prose_json(item.prose)),
    }


def _briefing(row: Row[Any], monitors: tuple[str, ...]) -> Briefing:
    values = row._mapping
    return Briefing(
        **{name: values[name] for name in _PLAIN},
        kind=Kind(row.kind),
        state=State(row.state),
        language=Language(row.lang),
        window=Window(since=row.since, until=row.until),
        monitors=monitors,
        channels=tuple(row.channels),
        delivered_to=tuple(row.delivered_to),
        body=body_of(row.body),
        prose=prose_of(row.prose),
    )
