from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from service.db import Database
from service.db.leases import acquire
from service.db.tables import audit_entry
from service.jobs import advance
from service.retention import PostRetention
from service.retention.posts import EVERY, LEASE
from service.stores import StoredPost
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import START, SteppingClock
from tests.support.incident_scene import IncidentScene, evidence
from tests.support.stored_posts import stored_post

KEPT = timedelta(days=30)


def job(
    database: Database,
    clock: SteppingClock,
    store: SqlitePostStore,
    *,
    kept: timedelta | None = KEPT,
    owner: str = "one",
) -> PostRetention:
    return PostRetention(database, clock=clock, store=store, owner=owner, kept=kept)


def post(number: int, *, at: datetime) -> StoredPost:
    return stored_post(number, id=f"post{number}", published_at=at, fetched_at=at, stored_at=at)


async def left(store: SqlitePostStore) -> list[str]:
    return [found.id for found in await store.scan(since=None, after_id=None, limit=10)]


async def test_a_post_goes_when_its_time_has_come_and_not_before(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    await store.upsert([post(1, at=START), post(2, at=START + timedelta(days=2))])
    jobs = [job(database, clock, store)]
    assert await advance(clock, jobs, START + KEPT) == 0
    assert await left(store) == ["post1", "post2"]
    assert await advance(clock, jobs, START + KEPT + EVERY) == 1
    assert await left(store) == ["post2"]


async def test_evidence_stays(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    await store.upsert([post(1, at=START), post(2, at=START)])
    await IncidentScene(database, clock).open(evidence=(evidence(2, at=START),))
    await advance(clock, [job(database, clock, store)], START + KEPT + EVERY)
    assert await left(store) == ["post2"]


async def test_what_was_erased_is_in_the_audit_trail(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    await store.upsert([post(1, at=START)])
    await advance(clock, [job(database, clock, store)], START + KEPT + 2 * EVERY)
    async with database.read() as connection:
        (row,) = await connection.execute(select(audit_entry))
    assert (row.action, row.data["posts"]) == ("posts.expired", 1)
    assert row.data["before"] == (START + EVERY).isoformat()


async def test_without_a_limit_everything_stays(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    await store.upsert([post(1, at=START)])
    everything = job(database, clock, store, kept=None)
    assert await everything.next_at() is None
    assert await everything.run(START + timedelta(days=9_999)) == 0
    assert await left(store) == ["post1"]


async def test_while_another_process_is_at_it_nothing_is_done(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    await store.upsert([post(1, at=START)])
    clock.step(days=40)
    async with database.write() as connection:
        ttl = timedelta(minutes=1)
        await acquire(connection, LEASE, owner="other", now=clock.now(), ttl=ttl)
    mine = job(database, clock, store)
    assert await mine.run(clock.now()) == 0
    assert await left(store) == ["post1"]
    assert await advance(clock, [mine], clock.now() + timedelta(hours=2)) == 1
