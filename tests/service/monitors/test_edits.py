"""When a cache is read again."""

from __future__ import annotations

import pytest

from service.db import Database
from service.db.changes import announce
from service.monitors.edits import Edits
from tests.support.clock import START


class Reading:
    """Counts how often it is read; fails while it is broken."""

    def __init__(self) -> None:
        self.times = 0
        self.broken = False

    async def __call__(self) -> int:
        if self.broken:
            raise OSError("gone")
        self.times += 1
        return self.times


async def edit(database: Database, kind: str) -> None:
    async with database.write() as connection:
        await announce(connection, at=START, kind=kind, subject_id="x")


async def test_the_first_time_is_read(database: Database) -> None:
    assert await Edits(database, "brand").fresh(Reading()) == 1


async def test_without_an_edit_nothing_is_read(database: Database) -> None:
    edits, reading = Edits(database, "brand"), Reading()
    await edits.fresh(reading)
    assert await edits.fresh(reading) is None
    await edit(database, "monitor")
    assert await edits.fresh(reading) is None


async def test_an_edit_is_read_once(database: Database) -> None:
    edits, reading = Edits(database, "brand"), Reading()
    await edits.fresh(reading)
    await edit(database, "brand")
    assert [await edits.fresh(reading), await edits.fresh(reading)] == [2, None]


async def test_what_could_not_be_read_is_asked_for_again(database: Database) -> None:
    edits, reading = Edits(database, "brand"), Reading()
    reading.broken = True
    with pytest.raises(OSError, match="gone"):
        await edits.fresh(reading)
    reading.broken = False
    assert await edits.fresh(reading) == 1
