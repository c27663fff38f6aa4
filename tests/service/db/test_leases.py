from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from service.db import Database
from service.db.leases import acquire, release, turn
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


async def _until(database: Database) -> datetime:
    async with database.read() as connection:
        until: datetime | None = await connection.scalar(select(lease.c.until))
    assert until is not None
    return until
