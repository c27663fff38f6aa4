"""Series in the state database: points are written by (name, instant), as often as one likes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut
from service.db.statement import insert
from service.db.tables import series, series_point
from service.errors import Conflict, InvalidInput, NotFound
from service.series.model import (
    MOST_POINTS,
    MOST_SERIES,
    Point,
    Series,
    Written,
    instant_problem,
    name_problem,
    unit_problem,
    value_problem,
)

ItemT = TypeVar("ItemT")

_CHUNK = 500
"""Points in one statement: each takes three parameters, of which SQLite takes a bounded number."""


class SeriesBook:
    """Writes and reads series."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def write(
        self, actor: Principal, name: str, points: Sequence[Point], *, unit: str | None = None
    ) -> Written:
        """Store points in one transaction; of two at one instant the later one counts.

        The first write makes the series. Raises Forbidden, InvalidInput, and Conflict when the
        series is kept in another unit.
        """
        actor.require(Action.EDIT, Resource.SERIES)
        _check(name, points, unit)
        wanted = {point.at: point.value for point in points}
        async with self._database.write() as connection:
            kept_unit = await self._open(connection, actor, name, unit)
            known = await _known(connection, name, wanted.keys())
            fresh = {at: value for at, value in wanted.items() if known.get(at) != value}
            await _put(connection, name, fresh)
            if fresh:
                await connection.execute(
                    update(series).where(series.c.name == name).values(updated_at=self._clock.now())
                )
        changed = sum(at in known for at in fresh)
        return Written(
            name=name,
            unit=kept_unit,
            new=len(fresh) - changed,
            changed=changed,
            unchanged=len(wanted) - len(fresh),
        )

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[Series]:
        """Series by name."""
        query = select(series).order_by(series.c.name).limit(limit + 1)
        if after is not None:
            query = query.where(series.c.name > after)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            spans = await _spans(connection, [row.name for row in rows])
        items = []
        for row in rows:
            points, first_at, last_at = spans.get(row.name, (0, None, None))
            items.append(
                Series(
                    name=row.name,
                    unit=row.unit,
                    points=points,
                    first_at=first_at,
                    last_at=last_at,
                    created_at=row.created_at,
                    updated_at=row.updated_at,
                )
            )
        return cut(items, limit=limit, key=lambda item: item.name)

    async def unit(self, name: str) -> str:
        """The unit of a series. Raises NotFound."""
        async with self._database.read() as connection:
            return await _unit(connection, name)

    async def points(
        self,
        name: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        after: datetime | None = None,
        limit: int = MOST_POINTS,
    ) -> tuple[Point, ...]:
        """Points by time, at most `limit`: `since` included, `until` not, only those past `after`.

        Raises NotFound.
        """
        at = series_point.c.at
        where = [series_point.c.name == name]
        if since is not None:
            where.append(at >= since)
        if until is not None:
            where.append(at < until)
        if after is not None:
            where.append(at > after)
        async with self._database.read() as connection:
            await _unit(connection, name)
            rows = await connection.execute(
                select(at, series_point.c.value).where(*where).order_by(at).limit(limit)
            )
            return tuple(Point(row.at, row.value) for row in rows)

    async def delete(self, actor: Principal, name: str) -> None:
        """Forget a series and its points; audited. Raises Forbidden, NotFound."""
        actor.require(Action.DELETE, Resource.SERIES)
        async with self._database.write() as connection:
            # Locked, so that a write at the same time comes before all of this or after it.
            await _unit(connection, name, locked=True)
            gone = await connection.execute(delete(series_point).where(series_point.c.name == name))
            await connection.execute(delete(series).where(series.c.name == name))
            await self._tell(connection, actor, name, "deleted", points=gone.rowcount)

    async def _open(
        self, connection: AsyncConnection, actor: Principal, name: str, unit: str | None
    ) -> str:
        """The unit of the series, which is made where it is not there yet."""
        kept = await _kept_unit(connection, name, locked=True)
        if kept is None:
            there_are = await connection.scalar(select(func.count()).select_from(series))
            if (there_are or 0) >= MOST_SERIES:
                raise Conflict(
                    f"there are {MOST_SERIES} series already: delete one that nobody reads"
                )
            if await _make(connection, name, unit or "", at=self._clock.now()):
                await self._tell(connection, actor, name, "created", unit=unit or "")
                return unit or ""
            # Somebody else has made it in the meantime, maybe in another unit.
            kept = await _unit(connection, name, locked=True)
        if not unit or unit == kept:
            return kept
        if kept:
            raise Conflict(
                f"series {name} is kept in {kept!r}, not in {unit!r}: take another name, or "
                "delete it first"
            )
        await connection.execute(update(series).where(series.c.name == name).values(unit=unit))
        await self._tell(connection, actor, name, "measured", unit=unit)
        return unit

    async def _tell(
        self, connection: AsyncConnection, actor: Principal, name: str, change: str, **data: object
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor.id,
            action=f"series.{change}",
            subject_type="series",
            subject_id=name,
            data=data,
        )


def _check(name: str, points: Sequence[Point], unit: str | None) -> None:
    problems = []
    if (problem := name_problem(name)) is not None:
        problems.append(("name", problem))
    if unit is not None and (problem := unit_problem(unit)) is not None:
        problems.append(("unit", problem))
    if not 0 < len(points) <= MOST_POINTS:
        problems.append(("points", f"give 1 to {MOST_POINTS:,} of them, not {len(points):,}"))
    for number, point in enumerate(points[:MOST_POINTS]):
        wrong = value_problem(point.value) or instant_problem(point.at)
        if wrong is not None:
            problems.append((f"points[{number}]", wrong))
    if problems:
        said = "; ".join(f"{path}: {message}" for path, message in problems[:5])
        raise InvalidInput(f"the series cannot be stored: {said}", errors=problems)


async def _unit(connection: AsyncConnection, name: str, *, locked: bool = False) -> str:
    unit = await _kept_unit(connection, name, locked=locked)
    if unit is None:
        raise NotFound(f"no series {name}; GET /v1/series lists them")
    return unit


async def _kept_unit(connection: AsyncConnection, name: str, *, locked: bool) -> str | None:
    query = select(series.c.unit).where(series.c.name == name)
    unit: str | None = await connection.scalar(query.with_for_update() if locked else query)
    return unit


async def _make(connection: AsyncConnection, name: str, unit: str, *, at: datetime) -> bool:
    """Whether the series was made here, and not by somebody else before."""
    made = await connection.execute(
        insert(connection, series)
        .values(name=name, unit=unit, created_at=at, updated_at=at)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    return made.rowcount > 0


async def _spans(
    connection: AsyncConnection, names: Sequence[str]
) -> dict[str, tuple[int, datetime, datetime]]:
    """How many points each of these series has, the first instant and the last one."""
    at = series_point.c.at
    rows = await connection.execute(
        select(series_point.c.name, func.count(), func.min(at), func.max(at))
        .where(series_point.c.name.in_(names))
        .group_by(series_point.c.name)
    )
    return {name: (points, first, last) for name, points, first, last in rows}


async def _known(
    connection: AsyncConnection, name: str, instants: Collection[datetime]
) -> dict[datetime, float]:
    """The values that are stored at those instants."""
    known: dict[datetime, float] = {}
    for chunk in _chunks(sorted(instants)):
        rows = await connection.execute(
            select(series_point.c.at, series_point.c.value).where(
                series_point.c.name == name, series_point.c.at.in_(chunk)
            )
        )
        known |= {row.at: row.value for row in rows}
    return known


async def _put(connection: AsyncConnection, name: str, values: Mapping[datetime, float]) -> None:
    # In one order everywhere, or two transactions could wait for one another.
    for chunk in _chunks(sorted(values.items())):
        statement = insert(connection, series_point).values(
            [{"name": name, "at": at, "value": value} for at, value in chunk]
        )
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name", "at"], set_={"value": statement.excluded.value}
            )
        )


def _chunks(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
