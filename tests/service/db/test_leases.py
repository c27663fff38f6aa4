from __future__ import annotations

from datetime import timedelta

from service.db import Database
from service.db.leases import acquire, release
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
