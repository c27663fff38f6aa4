"""Series in the state database, on each engine."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from service.audit import entries
from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.db import Database
from service.db.tables import series
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.series import Point, SeriesBook
from service.series.model import MOST_SERIES
from service.series.repository import _make
from tests.support.clock import SteppingClock

AT = datetime(2024, 3, 1, tzinfo=UTC)


def points(*values: float, start: int = 0) -> list[Point]:
    return [Point(AT + timedelta(hours=start + n), value) for n, value in enumerate(values)]


@pytest.fixture
def book(database: Database, clock: SteppingClock) -> SeriesBook:
    return SeriesBook(database, clock)


async def test_points_are_written_once(book: SeriesBook) -> None:
    first = await book.write(SYSTEM, "orders", points(1, 2, 3), unit="单")
    again = await book.write(SYSTEM, "orders", points(1, 5, 3, 4))
    assert (first.new, first.changed, first.unchanged, first.unit) == (3, 0, 0, "单")
    assert (again.new, again.changed, again.unchanged, again.unit) == (1, 1, 2, "单")
    assert [point.value for point in await book.points("orders")] == [1, 5, 3, 4]


async def test_of_two_at_one_instant_the_later_one_counts(book: SeriesBook) -> None:
    written = await book.write(SYSTEM, "orders", [Point(AT, 1), Point(AT, 2)])
    assert written.new == 1
    assert await book.points("orders") == (Point(AT, 2),)


async def test_a_span_of_points(book: SeriesBook) -> None:
    await book.write(SYSTEM, "orders", points(*range(10)))
    found = await book.points(
        "orders", since=AT + timedelta(hours=2), until=AT + timedelta(hours=5)
    )
    assert [point.value for point in found] == [2, 3, 4]
    after = await book.points("orders", after=AT + timedelta(hours=7), limit=1)
    assert [point.value for point in after] == [8]


async def test_many_points_in_one_write(book: SeriesBook) -> None:
    many = [Point(AT + timedelta(seconds=n), n) for n in range(2_500)]
    assert (await book.write(SYSTEM, "dense", many)).new == 2_500
    assert (await book.write(SYSTEM, "dense", many)).unchanged == 2_500


async def test_a_list_of_series(book: SeriesBook) -> None:
    await book.write(SYSTEM, "b", points(1, 2))
    await book.write(SYSTEM, "a", points(1), unit="°C")
    first = await book.page(limit=1)
    assert [(item.name, item.unit, item.points) for item in first.items] == [("a", "°C", 1)]
    second = await book.page(after=first.next, limit=1)
    assert [(item.name, item.first_at, item.last_at) for item in second.items] == [
        ("b", AT, AT + timedelta(hours=1))
    ]
    assert second.next is None


async def test_a_unit_stays(book: SeriesBook) -> None:
    await book.write(SYSTEM, "revenue", points(1), unit="元")
    with pytest.raises(Conflict, match="kept in '元', not in '万元'"):
        await book.write(SYSTEM, "revenue", points(2), unit="万元")


async def test_a_unit_may_be_said_later_and_then_stays(book: SeriesBook) -> None:
    await book.write(SYSTEM, "late", points(1))
    assert (await book.write(SYSTEM, "late", points(2), unit="单")).unit == "单"
    assert await book.unit("late") == "单"
    assert (await book.write(SYSTEM, "late", points(3), unit="")).unit == "单"
    with pytest.raises(Conflict):
        await book.write(SYSTEM, "late", points(2), unit="元")


async def test_of_two_that_make_a_series_at_once_one_makes_it(
    book: SeriesBook, database: Database
) -> None:
    """The other has looked before the first was done; of another unit it is refused."""
    done = await asyncio.gather(
        *(book.write(SYSTEM, "race", points(n), unit=unit) for n, unit in ((1, "单"), (2, "元"))),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Conflict) for each in done) == 1
    async with database.read() as connection:
        told = [item.action for item in (await entries(connection)).items]
    assert told.count("series.created") == 1


async def test_a_series_made_in_the_meantime_is_not_made_again(database: Database) -> None:
    async with database.write() as connection:
        assert await _make(connection, "race", "单", at=AT)
        assert not await _make(connection, "race", "元", at=AT)
        assert await connection.scalar(select(series.c.unit)) == "单"


@pytest.mark.parametrize(
    ("name", "given", "unit", "path"),
    [
        ("Bad Name", [Point(AT, 1)], None, "name"),
        ("orders", [], None, "points"),
        ("orders", [Point(AT, math.nan)], None, "points[0]"),
        ("orders", [Point(AT, math.inf)], None, "points[0]"),
        ("orders", [Point(datetime(1800, 1, 1, tzinfo=UTC), 1)], None, "points[0]"),
        ("orders", [Point(AT, 1)], "x" * 33, "unit"),
        ("orders", [Point(AT, 1)] * 10_001, None, "points"),
    ],
)
async def test_what_cannot_be_stored(
    book: SeriesBook, name: str, given: list[Point], unit: str | None, path: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        await book.write(SYSTEM, name, given, unit=unit)
    assert raised.value.errors[0][0] == path
    with pytest.raises(NotFound):
        await book.unit("orders")


async def test_there_is_an_end_to_names(book: SeriesBook, database: Database) -> None:
    async with database.write() as connection:
        rows = [
            {"name": f"s{n}", "unit": "", "created_at": AT, "updated_at": AT}
            for n in range(MOST_SERIES)
        ]
        await connection.execute(series.insert(), rows)
    with pytest.raises(Conflict, match="1000 series already"):
        await book.write(SYSTEM, "one.more", points(1))
    assert (await book.write(SYSTEM, "s1", points(1))).new == 1


async def test_a_deleted_series_is_gone_and_its_life_is_in_the_trail(
    book: SeriesBook, database: Database
) -> None:
    await book.write(SYSTEM, "orders", points(1, 2))
    await book.delete(SYSTEM, "orders")
    with pytest.raises(NotFound):
        await book.points("orders")
    with pytest.raises(NotFound):
        await book.delete(SYSTEM, "orders")
    async with database.read() as connection:
        trail = await entries(connection)
    assert [entry.action for entry in trail.items] == ["series.deleted", "series.created"]
    assert trail.items[0].data["points"] == 2


async def test_a_viewer_writes_nothing(book: SeriesBook) -> None:
    viewer = Principal(
        id="usr_1", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER})
    )
    with pytest.raises(Forbidden):
        await book.write(viewer, "orders", points(1))
    with pytest.raises(Forbidden):
        await book.delete(viewer, "orders")
