"""Every query on thresholds, levels and crossings. Functions take a connection, never commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.page import Page, cut
from service.db.statement import insert
from service.db.tables import (
    indicator_crossing,
    indicator_level,
    indicator_threshold,
    monitor,
)
from service.indicators.definition import IndicatorId, Levels, Measured
from service.indicators.threshold import Level, Threshold, default_threshold
from service.indicators.window import Window

_MOST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """At what level an indicator is, since when, and what was seen at the last look."""

    indicator: IndicatorId
    level: Level
    since: datetime
    looked_at: datetime
    value: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """An indicator that went from one level to another. `value` is None where it has none now."""

    id: int = 0
    monitor: str
    indicator: IndicatorId
    at: datetime
    before: Level
    after: Level
    measured: Measured
    value: float | None
    n: int
    window: Window
    paged: bool


async def threshold(
    connection: AsyncConnection, monitor_id: str, indicator: IndicatorId
) -> Threshold:
    """What was set for the monitor, else the default."""
    table = indicator_threshold
    query = select(table).where(
        table.c.monitor_id == monitor_id, table.c.indicator == indicator.value
    )
    row = (await connection.execute(query)).first()
    return default_threshold(indicator) if row is None else _threshold(row)


async def thresholds(connection: AsyncConnection, monitor_id: str) -> dict[IndicatorId, Threshold]:
    """Of every indicator, in the order of the design."""
    table = indicator_threshold
    rows = await connection.execute(select(table).where(table.c.monitor_id == monitor_id))
    changed = {item.indicator: item for item in map(_threshold, rows)}
    return {item: changed.get(item) or default_threshold(item) for item in IndicatorId}


async def put_threshold(connection: AsyncConnection, monitor_id: str, item: Threshold) -> None:
    """Write the thresholds as they are given, version and time included."""
    values = {
        "measured": item.measured.value,
        "yellow": item.levels.yellow,
        "orange": item.levels.orange,
        "red": item.levels.red,
        "least": item.least,
        "margin": item.margin,
        "alert": item.alert,
        "updated_at": item.updated_at,
        "version": item.version,
    }
    await connection.execute(
        insert(connection, indicator_threshold)
        .values(monitor_id=monitor_id, indicator=item.indicator.value, **values)
        .on_conflict_do_update(index_elements=["monitor_id", "indicator"], set_=values)
    )


async def remove_threshold(
    connection: AsyncConnection, monitor_id: str, indicator: IndicatorId
) -> None:
    table = indicator_threshold
    await connection.execute(
        delete(table).where(table.c.monitor_id == monitor_id, table.c.indicator == indicator.value)
    )


async def standings(connection: AsyncConnection, monitor_id: str) -> Mapping[IndicatorId, Standing]:
    """Of what has been looked at."""
    table = indicator_level
    rows = await connection.execute(select(table).where(table.c.monitor_id == monitor_id))
    return {
        IndicatorId(row.indicator): Standing(
            indicator=IndicatorId(row.indicator),
            level=Level(row.level),
            since=row.since,
            looked_at=row.looked_at,
            value=row.value,
            n=row.n,
        )
        for row in rows
    }


async def put_standing(connection: AsyncConnection, monitor_id: str, item: Standing) -> None:
    values = {
        "level": item.level.value,
        "since": item.since,
        "looked_at": item.looked_at,
        "value": item.value,
        "n": _storable(item.n),
    }
    await connection.execute(
        insert(connection, indicator_level)
        .values(monitor_id=monitor_id, indicator=item.indicator.value, **values)
        .on_conflict_do_update(index_elements=["monitor_id", "indicator"], set_=values)
    )


async def add_crossing(connection: AsyncConnection, item: Crossing) -> None:
    await connection.execute(
        indicator_crossing.insert().values(
            monitor_id=item.monitor,
            indicator=item.indicator.value,
            at=item.at,
            before=item.before.value,
            after=item.after.value,
            measured=item.measured.value,
            value=item.value,
            n=_storable(item.n),
            window_since=item.window.since,
            window_until=item.window.until,
            paged=item.paged,
        )
    )


async def crossings(
    connection: AsyncConnection,
    *,
    monitors: Collection[str] | None,
    before: int | None,
    limit: int,
) -> Page[Crossing]:
    """Newest first: of these monitors, or of all."""
    table = indicator_crossing
    query = select(table).order_by(table.c.id.desc()).limit(limit + 1)
    if monitors is not None:
        query = query.where(table.c.monitor_id.in_(sorted(monitors)))
    if before is not None:
        query = query.where(table.c.id < before)
    found = [_crossing(row) for row in await connection.execute(query)]
    return cut(found, limit=limit, key=lambda item: str(item.id))


async def forget_deleted(connection: AsyncConnection) -> None:
    """Forget thresholds and levels of monitors that are gone; their crossings stay."""
    known = select(monitor.c.id)
    for table in (indicator_threshold, indicator_level):
        await connection.execute(delete(table).where(table.c.monitor_id.not_in(known)))


def _storable(n: int) -> int:
    return min(n, _MOST_INTEGER)


def _threshold(row: Row[Any]) -> Threshold:
    return Threshold(
        indicator=IndicatorId(row.indicator),
        measured=Measured(row.measured),
        levels=Levels(yellow=row.yellow, orange=row.orange, red=row.red),
        least=row.least,
        margin=row.margin,
        alert=row.alert,
        version=row.version,
        updated_at=row.updated_at,
    )


def _crossing(row: Row[Any]) -> Crossing:
    return Crossing(
        id=row.id,
        monitor=row.monitor_id,
        indicator=IndicatorId(row.indicator),
        at=row.at,
        before=Level(row.before),
        after=Level(row.after),
        measured=Measured(row.measured),
        value=row.value,
        n=row.n,
        window=Window(since=row.window_since, until=row.window_until),
        paged=row.paged,
    )
