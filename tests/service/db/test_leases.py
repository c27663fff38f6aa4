from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import Database
from service.db.leases import Tenure, acquire, holds, release, turn
from service.db.tables import lease
from tests.support.clock import SteppingClock

TTL = timedelta(seconds=30)


async def take(database: Database, clock: SteppingClock, owner: str) -> int | None:
    async with database.write() as connection:
        return await acquire(connection, "job", owner=owner, now=clock.now(), ttl=TTL)


async def test_first_owner_gets_the_lease(database: Database, clock: SteppingClock) -> None:
    assert await take(database, clock, "a") == 1


async def test_another_owner_waits_until_the_lease_ends(
    database: Database, clock: SteppingClock
) -> None:
    await take(database, clock, "a")
    clock.step(seconds=29)
    assert await take(database, clock, "b") is None
    clock.step(seconds=1)
    assert await take(database, clock, "b") == 2


async def test_renewal_keeps_the_fence(database: Database, clock: SteppingClock) -> None:
    await take(database, clock, "a")
    clock.step(seconds=20)
    assert await take(database, clock, "a") == 1
    clock.step(seconds=20)
    assert await take(database, clock, "b") is None


async def test_release_lets_another_in_with_a_higher_fence(
    database: Database, clock: SteppingClock
) -> None:
    await take(database, clock, "a")
    async with database.write() as connection:
        await release(connection, "job", owner="a", now=clock.now())
    assert await take(database, clock, "b") == 2


async def test_only_the_owner_can_release(database: Database, clock: SteppingClock) -> None:
    await take(database, clock, "a")
    async with database.write() as connection:
        await release(connection, "job", owner="b", now=clock.now())
    assert await take(database, clock, "b") is None


async def still(database: Database, owner: str, fence: int) -> bool:
    async with database.write() as connection:
        return await holds(connection, "job", owner=owner, fence=fence)


async def test_a_fence_holds_until_another_has_the_lease(
    database: Database, clock: SteppingClock
) -> None:
    assert not await still(database, "a", 1)
    await take(database, clock, "a")
    assert await still(database, "a", 1)
    clock.step(minutes=5)
    assert await still(database, "a", 1), "it is late, but nobody else has begun"
    await take(database, clock, "b")
    assert not await still(database, "a", 1)
    assert await still(database, "b", 2)


async def test_who_gets_the_lease_back_has_another_fence(
    database: Database, clock: SteppingClock
) -> None:
    for owner in ("a", "b", "a"):
        await take(database, clock, owner)
        clock.step(minutes=5)
    assert not await still(database, "a", 1)
    assert await still(database, "a", 3)


async def test_a_turn_is_one_process_s_and_ends_with_its_block(
    database: Database, clock: SteppingClock
) -> None:
    async with turn(database, "job", owner="a", now=clock.now, ttl=TTL) as mine:
        assert mine
        async with turn(database, "job", owner="b", now=clock.now, ttl=TTL) as other:
            assert not other
    async with turn(database, "job", owner="b", now=clock.now, ttl=TTL) as later:
        assert later


async def test_a_turn_that_fails_lets_others_in(database: Database, clock: SteppingClock) -> None:
    with pytest.raises(ValueError, match="broken"):
        async with turn(database, "job", owner="a", now=clock.now, ttl=TTL):
            raise ValueError("broken")
    assert await take(database, clock, "b") == 2


async def test_a_long_turn_is_renewed(database: Database, clock: SteppingClock) -> None:
    short = timedelta(milliseconds=60)
    async with turn(database, "job", owner="a", now=clock.now, ttl=short):
        clock.step(milliseconds=50)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if await _until(database) > clock.now() + timedelta(milliseconds=10):
                break
        clock.step(milliseconds=20)
        assert await take(database, clock, "b") is None


@asynccontextmanager
async def tenure(
    database: Database, clock: SteppingClock, owner: str, *, ttl: timedelta = TTL
) -> AsyncIterator[Tenure]:
    opened = Tenure(database, "job", owner=owner, now=clock.now, ttl=ttl)
    try:
        yield opened
    finally:
        await opened.close()


async def test_a_tenure_lasts_between_pieces_of_work_until_it_is_closed(
    database: Database, clock: SteppingClock
) -> None:
    async with tenure(database, clock, "a") as ours, tenure(database, clock, "b") as theirs:
        assert await ours.take()
        assert await ours.take()
        assert not await theirs.take()
        await ours.close()
        await ours.close()
        assert await theirs.take()
        assert not await ours.take()


async def test_a_tenure_that_was_never_taken_releases_nothing(
    database: Database, clock: SteppingClock
) -> None:
    await take(database, clock, "a")
    async with tenure(database, clock, "a"):
        pass
    assert await take(database, clock, "b") is None


async def test_a_tenure_is_renewed_while_nothing_is_done(
    database: Database, clock: SteppingClock
) -> None:
    async with tenure(database, clock, "a", ttl=timedelta(milliseconds=60)) as ours:
        assert await ours.take()
        clock.step(milliseconds=50)
        await _renewed(database, clock)
        clock.step(milliseconds=20)
        assert await take(database, clock, "b") is None


async def test_a_tenure_outlasts_a_database_that_is_away_for_a_moment(
    database: Database, clock: SteppingClock
) -> None:
    away = Away(database)
    async with tenure(away, clock, "a", ttl=timedelta(milliseconds=60)) as ours:
        assert await ours.take()
        clock.step(milliseconds=50)
        away.failures = 2
        await _renewed(database, clock)
        assert away.failures == 0
        away.failures = 1
    assert await take(database, clock, "b") is None


async def test_a_tenure_that_was_lost_is_taken_again(
    database: Database, clock: SteppingClock
) -> None:
    async with tenure(database, clock, "a", ttl=timedelta(milliseconds=30)) as ours:
        assert await ours.take()
        clock.step(seconds=1)
        assert await take(database, clock, "b") == 2
        for _ in range(500):
            if ours.is_kept:
                await asyncio.sleep(0.01)
        assert not ours.is_kept
        assert not await ours.take()
        clock.step(seconds=31)
        assert await ours.take()
        assert ours.is_kept


class Away(Database):
    """A database that some writes do not reach."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.failures = 0

    @asynccontextmanager
    async def write(self, *, quiet: bool = False) -> AsyncIterator[AsyncConnection]:
        if self.failures:
            self.failures -= 1
            raise OperationalError("BEGIN", None, Exception("away"))
        async with self._real.write(quiet=quiet) as connection:
            yield connection


async def _renewed(database: Database, clock: SteppingClock) -> None:
    """Wait until the lease was made longer."""
    for _ in range(500):
        if await _until(database) > clock.now() + timedelta(milliseconds=10):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the lease was not renewed")


async def _until(database: Database) -> datetime:
    async with database.read() as connection:
        until: datetime | None = await connection.scalar(select(lease.c.until))
    assert until is not None
    return until
