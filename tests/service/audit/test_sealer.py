from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from service.audit import Sealer, record, verify
from service.audit.sealer import BATCH
from service.db import Database
from service.db.tables import audit_entry
from tests.support.clock import SteppingClock


async def write(database: Database, clock: SteppingClock, count: int = 1) -> None:
    async with database.write() as connection:
        for number in range(count):
            await record(
                connection,
                at=clock.now(),
                actor="system",
                action="test.done",
                subject_type="thing",
                subject_id=str(number),
                data={"ratio": 0.1, "text": "烽燧"},
            )


async def test_nothing_to_seal_is_never_due(database: Database) -> None:
    assert await Sealer(database, owner="a").next_at() is None


async def test_due_five_seconds_after_the_oldest(database: Database, clock: SteppingClock) -> None:
    sealer = Sealer(database, owner="a")
    await write(database, clock)
    due = clock.now() + timedelta(seconds=5)
    clock.step(seconds=3)
    await write(database, clock)
    assert await sealer.next_at() == due
    assert await sealer.next_at() == due


async def test_everything_is_sealed_in_batches(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    sealer = Sealer(sqlite_database, owner="a")
    await write(sqlite_database, clock, BATCH + 3)
    assert await sealer.run(clock.now()) == BATCH + 3
    assert await sealer.next_at() is None
    verification = await verify(sqlite_database)
    assert (verification.ok, verification.sealed, verification.unsealed) == (True, BATCH + 3, ())


async def test_a_second_run_continues_the_chain(database: Database, clock: SteppingClock) -> None:
    sealer = Sealer(database, owner="a")
    await write(database, clock, 2)
    await sealer.run(clock.now())
    await write(database, clock, 2)
    assert await sealer.run(clock.now()) == 2
    assert (await verify(database)).ok


async def test_only_the_holder_of_the_lease_seals(database: Database, clock: SteppingClock) -> None:
    first, second = Sealer(database, owner="a"), Sealer(database, owner="b")
    await write(database, clock)
    await first.run(clock.now())
    await write(database, clock)
    clock.step(seconds=20)
    assert await second.run(clock.now()) == 0
    assert await second.next_at() == clock.now() + timedelta(seconds=5)
    clock.step(minutes=1)
    assert await second.run(clock.now()) == 1
    assert await second.next_at() is None


async def test_rows_of_another_process_are_seen_after_the_next_write(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    sealer = Sealer(sqlite_database, owner="a")
    assert await sealer.next_at() is None
    await write(sqlite_database, clock)
    assert await sealer.next_at() == clock.now() + timedelta(seconds=5)


async def test_the_sealed_order_need_not_be_the_order_of_ids(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    """PostgreSQL may commit a lower id after a higher one was sealed."""
    sealer = Sealer(sqlite_database, owner="a")
    await write(sqlite_database, clock, 2)
    async with sqlite_database.write() as connection:
        await connection.execute(
            update(audit_entry).where(audit_entry.c.id == 1).values(id=1_000_000)
        )
    await sealer.run(clock.now())
    async with sqlite_database.write() as connection:
        await connection.execute(
            audit_entry.insert().values(
                id=1,
                at=clock.now(),
                actor="late",
                action="x",
                subject_type="s",
                subject_id="1",
                data={},
            )
        )
    assert await sealer.run(clock.now()) == 1
    assert (await verify(sqlite_database)).ok
