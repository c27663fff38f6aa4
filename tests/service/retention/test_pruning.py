from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, func, select

from service.auth import Sessions
from service.db import Database, tables
from service.db.changes import announce
from service.db.leases import acquire
from service.delivery import proofs
from service.delivery.outbox import enqueue
from service.delivery.proofs import ProofKind
from service.events import EventType
from service.jobs import advance
from service.retention import Pruning
from service.retention.pruning import CHANGES_KEPT, EVERY, LEASE, PROOFS_KEPT
from tests.support.clock import START, SteppingClock

KEPT = timedelta(days=30)


@pytest.fixture
def job(database: Database, clock: SteppingClock) -> Pruning:
    sessions = Sessions(database, clock, idle=timedelta(hours=12), absolute=timedelta(days=7))
    return Pruning(database, clock=clock, sessions=sessions, owner="one", deliveries_kept=KEPT)


async def count(database: Database, table: Table) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def event(
    database: Database, name: str, *, state: str | None = "sent", routed: datetime | None = START
) -> None:
    """An event of START and a delivery in that state with an attempt; None: nobody wanted it."""
    async with database.write() as connection:
        message = await enqueue(
            connection,
            type=EventType.INCIDENT_OPENED,
            occurred_at=START,
            incident_id="inc_1",
            tier_rank=1,
            drill=False,
            data={},
            parts=[name],
        )
        await connection.execute(tables.outbox.update().values(routed_at=routed))
        if state is None:
            return
        await connection.execute(
            tables.delivery.insert().values(
                id=f"dlv_{name}", outbox_id=message, channel_id="chn", state=state, created_at=START
            )
        )
        await connection.execute(
            tables.delivery_attempt.insert().values(
                delivery_id=f"dlv_{name}", number=1, at=START, outcome="ok", duration_ms=1.0
            )
        )


@pytest.mark.parametrize("state", ["sent", "dead", None])
async def test_an_event_goes_with_its_deliveries_and_not_before_its_time(
    database: Database, clock: SteppingClock, job: Pruning, state: str | None
) -> None:
    await event(database, "a", state=state)
    assert await advance(clock, [job], START + KEPT) == 0
    assert await advance(clock, [job], START + KEPT + EVERY) == 1
    for table in (tables.outbox, tables.delivery, tables.delivery_attempt):
        assert await count(database, table) == 0


async def test_what_waits_to_be_sent_stays(
    database: Database, clock: SteppingClock, job: Pruning
) -> None:
    await event(database, "a", state="pending")
    await advance(clock, [job], START + 2 * KEPT)
    assert await count(database, tables.delivery) == 1


async def test_what_waits_to_be_routed_stays(
    database: Database, clock: SteppingClock, job: Pruning
) -> None:
    await event(database, "a", state=None, routed=None)
    await advance(clock, [job], START + 2 * KEPT)
    assert await count(database, tables.outbox) == 1


async def test_many_go_some_at_a_time(sqlite_database: Database, clock: SteppingClock) -> None:
    sessions = Sessions(sqlite_database, clock, idle=KEPT, absolute=KEPT)
    job = Pruning(
        sqlite_database,
        clock=clock,
        sessions=sessions,
        owner="one",
        deliveries_kept=KEPT,
        at_once=2,
    )
    for name in "abcde":
        await event(sqlite_database, name)
    assert await job.run(START + KEPT + EVERY) == 5
    assert await count(sqlite_database, tables.outbox) == 0


async def test_a_change_goes_after_a_week(
    database: Database, clock: SteppingClock, job: Pruning
) -> None:
    async with database.write() as connection:
        await announce(connection, at=START, kind="monitor", subject_id="tea")
    await advance(clock, [job], START + CHANGES_KEPT)
    assert await count(database, tables.change_event) == 1
    await advance(clock, [job], START + CHANGES_KEPT + EVERY)
    assert await count(database, tables.change_event) == 0


async def test_a_session_goes_once_it_has_ended(
    database: Database, clock: SteppingClock, job: Pruning
) -> None:
    async with database.write() as connection:
        await connection.execute(
            tables.user.insert().values(
                id="usr_1", name="lin", password_hash="x", roles=[], created_at=START
            )
        )
        await connection.execute(
            tables.login_session.insert().values(
                token_hash="t",
                user_id="usr_1",
                created_at=START,
                seen_at=START,
                expires_at=START + timedelta(days=7),
            )
        )
    await advance(clock, [job], START + timedelta(hours=11))
    assert await count(database, tables.login_session) == 1
    await advance(clock, [job], START + timedelta(hours=12))
    assert await count(database, tables.login_session) == 0


async def test_while_another_process_is_at_it_nothing_is_done(
    database: Database, clock: SteppingClock, job: Pruning
) -> None:
    await event(database, "a")
    clock.step(days=40)
    async with database.write() as connection:
        ttl = timedelta(minutes=1)
        await acquire(connection, LEASE, owner="other", now=clock.now(), ttl=ttl)
    assert await job.run(clock.now()) == 0
    assert await count(database, tables.outbox) == 1


async def test_proofs_are_kept_while_they_could_be_shown_again(
    job: Pruning, database: Database
) -> None:
    for name, at in (("old", START - PROOFS_KEPT - timedelta(seconds=1)), ("new", START)):
        async with database.write() as connection:
            await proofs.use(connection, ProofKind.LINK, name, subject_id="inc_1", at=at)
    assert await job.run(START) == 1
    async with database.read() as connection:
        assert await proofs.used_at(connection, ProofKind.LINK, "old") is None
        assert await proofs.used_at(connection, ProofKind.LINK, "new") == START
