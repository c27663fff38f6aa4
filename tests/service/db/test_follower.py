"""When the follower looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.db import Database
from service.db.follower import EVERY, Follower
from tests.support.clock import START, SteppingClock


class Shelf:
    """A directory that knows by itself whether it is behind; writes are counted by the database."""

    def __init__(self) -> None:
        self.behind = False

    async def is_behind(self) -> bool:
        return self.behind

    async def refresh(self) -> bool:
        was, self.behind = self.behind, False
        return was


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def _write(database: Database) -> None:
    async with database.write():
        pass


async def test_in_real_time_it_looks_every_second(
    shelf: Shelf, database: Database, clock: SteppingClock
) -> None:
    follower = Follower(shelf, name="shelf", database=database, clock=clock)
    assert await follower.next_at() == START
    assert await follower.run(START) == 0
    assert await follower.next_at() == START + EVERY


async def test_what_another_process_saved_is_served_within_five_seconds(
    shelf: Shelf, database: Database, clock: SteppingClock
) -> None:
    follower = Follower(shelf, name="shelf", database=database, clock=clock)
    await follower.run(clock.now())
    shelf.behind = True
    due = await follower.next_at()
    assert due is not None
    assert due - clock.now() < timedelta(seconds=5)
    assert await follower.run(due) == 1
    assert await follower.run(due) == 0


async def test_in_virtual_time_it_looks_after_writes_alone(
    shelf: Shelf, database: Database, clock: SteppingClock
) -> None:
    follower = Follower(shelf, name="shelf", database=database, clock=clock, every=None)
    assert await follower.next_at() is None
    shelf.behind = True
    assert await follower.next_at() is None
    await _write(database)
    assert await follower.next_at() == START
    assert await follower.run(START) == 1
    assert await follower.next_at() is None
