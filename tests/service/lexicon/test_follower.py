"""When the follower looks."""

from __future__ import annotations

from datetime import timedelta

from service.auth import Principal
from service.db import Database
from service.lexicon import LexiconDesk, LexiconDirectory, LexiconFollower
from tests.service.lexicon.rows import cells
from tests.support.clock import START, SteppingClock


async def test_in_real_time_it_looks_every_second(
    directory: LexiconDirectory, database: Database, clock: SteppingClock
) -> None:
    follower = LexiconFollower(directory, database=database, clock=clock)
    assert await follower.next_at() == START
    assert await follower.run(START) == 0
    assert await follower.next_at() == START + timedelta(seconds=1)


async def test_what_another_process_saved_is_served_within_five_seconds(
    directory: LexiconDirectory,
    database: Database,
    clock: SteppingClock,
    desk: LexiconDesk,
    analyst: Principal,
) -> None:
    follower = LexiconFollower(directory, database=database, clock=clock)
    await follower.run(clock.now())
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    due = await follower.next_at()
    assert due is not None
    assert due - clock.now() < timedelta(seconds=5)
    assert await follower.run(due) == 1
    assert directory.live.current.match("黑店宰客")


async def test_in_virtual_time_it_looks_after_writes_alone(
    directory: LexiconDirectory,
    database: Database,
    clock: SteppingClock,
    desk: LexiconDesk,
    analyst: Principal,
) -> None:
    follower = LexiconFollower(directory, database=database, clock=clock, every=None)
    assert await follower.next_at() is None
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    assert await follower.next_at() == START
    assert await follower.run(START) == 1
    assert await follower.next_at() is None
