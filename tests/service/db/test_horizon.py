"""Remembering an earliest instant for exactly as long as it must be true."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.db import Database
from service.db.horizon import Horizon
from tests.support.clock import START, SteppingClock


class Query:
    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, connection) -> datetime:
        self.asked += 1
        return START + timedelta(hours=self.asked)


async def test_it_asks_once_while_nothing_is_written(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    query = Query()
    horizon = Horizon(sqlite_database, clock=clock, query=query)
    assert [await horizon.earliest(), await horizon.earliest()] == [START + timedelta(hours=1)] * 2
    assert query.asked == 1


async def test_a_write_makes_it_ask_again(sqlite_database: Database, clock: SteppingClock) -> None:
    horizon = Horizon(sqlite_database, clock=clock, query=Query())
    await horizon.earliest()
    async with sqlite_database.write():
        pass
    assert await horizon.earliest() == START + timedelta(hours=2)


async def test_other_processes_are_seen_after_the_recheck(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    horizon = Horizon(sqlite_database, clock=clock, query=Query(), recheck=timedelta(seconds=5))
    await horizon.earliest()
    clock.step(seconds=5)
    assert await horizon.earliest() == START + timedelta(hours=2)


async def test_without_a_recheck_time_alone_changes_nothing(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    query = Query()
    horizon = Horizon(sqlite_database, clock=clock, query=query, recheck=None)
    await horizon.earliest()
    clock.step(hours=5)
    await horizon.earliest()
    assert query.asked == 1
