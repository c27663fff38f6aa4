from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from service.auth import Handle, Handles, KeyRing
from service.db import Database
from service.db.leases import acquire
from service.db.tables import (
    account_signal,
    audit_entry,
    author_handle,
    import_piece,
    import_run,
    runtime_setting,
)
from service.errors import InvalidInput
from service.jobs import advance
from service.retention import AllTraces, Erased, ErasureJob, request_erasure
from service.retention.erasure import LEASE, LOOKS_EVERY
from service.stores.errors import StoreUnreachable
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post

AUTHOR = "au_0123456789abcdef0123"
OTHER = "au_ffffffffffffffffffff"


@pytest.fixture
def handles(database: Database, clock: SteppingClock, tmp_path: Path) -> Handles:
    return Handles(database, clock, KeyRing.from_file(tmp_path / "keys.json"))


@pytest.fixture
def job(
    database: Database, clock: SteppingClock, store: SqlitePostStore, handles: Handles
) -> ErasureJob:
    return ErasureJob(database, clock=clock, store=store, handles=handles, owner="one")


async def known(database: Database, handles: Handles, store: SqlitePostStore) -> None:
    """Two authors with a post, a handle and a counter each."""
    async with database.write() as connection:
        for author in (AUTHOR, OTHER):
            handle = Handle(author=author, source="weibo", id=author, name="人")
            await handles.remember(connection, [handle])
            await connection.execute(
                account_signal.insert().values(
                    author=author, indicator="copy", mass=1.0, updated_at=START
                )
            )
    await store.upsert([stored_post(1, author=AUTHOR), stored_post(2, author=OTHER)])


async def ask(database: Database, author: str = AUTHOR, *, reason: str = "asked by mail") -> None:
    async with database.write() as connection:
        await request_erasure(connection, author, actor="usr_lin", reason=reason, at=START)


async def test_all_of_an_author_goes_and_nothing_of_others(
    database: Database, store: SqlitePostStore, handles: Handles, job: ErasureJob
) -> None:
    await known(database, handles, store)
    await ask(database)
    assert await job.erase_all(START) == (Erased(author=AUTHOR, posts=1, handle=True),)
    (left,) = await store.scan(since=None, after_id=None, limit=10)
    assert left.author == OTHER
    async with database.read() as connection:
        for table in (author_handle, account_signal):
            assert list(await connection.scalars(select(table.c.author))) == [OTHER]


async def test_the_deed_is_kept_with_who_and_why_but_not_whom(
    database: Database, store: SqlitePostStore, handles: Handles, job: ErasureJob
) -> None:
    await known(database, handles, store)
    await ask(database)
    await job.run(START)
    async with database.read() as connection:
        (row,) = await connection.execute(select(audit_entry))
    assert (row.actor, row.action, row.subject_id) == ("usr_lin", "author.erased", AUTHOR)
    assert row.data == {"reason": "asked by mail", "posts": 1, "handle": True}


async def test_a_running_worker_does_it_within_a_minute(
    database: Database,
    clock: SteppingClock,
    store: SqlitePostStore,
    handles: Handles,
    job: ErasureJob,
) -> None:
    await known(database, handles, store)
    assert await advance(clock, [job], START + timedelta(seconds=30)) == 0
    await ask(database)
    assert await advance(clock, [job], START + LOOKS_EVERY) == 1
    assert await advance(clock, [job], START + timedelta(hours=1)) == 0, "once"


class Down(SqlitePostStore):
    """Cannot be reached."""

    async def delete_by_author(self, author: str) -> int:
        raise StoreUnreachable("away")


async def test_a_wish_outlives_an_outage(
    database: Database,
    clock: SteppingClock,
    store: SqlitePostStore,
    handles: Handles,
    job: ErasureJob,
    tmp_path: Path,
) -> None:
    await known(database, handles, store)
    await ask(database)
    away = Down(tmp_path / "away.db", query_phrases=lambda _text: ())
    failing = ErasureJob(database, clock=clock, store=away, handles=handles, owner="one")
    with pytest.raises(StoreUnreachable):
        await failing.run(START)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(author_handle)) == 2
    assert await job.run(START + LOOKS_EVERY) == 1


async def test_while_another_process_is_at_it_nothing_is_done(
    database: Database, clock: SteppingClock, job: ErasureJob
) -> None:
    await ask(database)
    async with database.write() as connection:
        ttl = timedelta(minutes=1)
        await acquire(connection, LEASE, owner="other", now=clock.now(), ttl=ttl)
    assert await job.erase_all(START) == ()


async def import_begun(database: Database, name: str, *, at: datetime) -> None:
    """An import of which one piece waits."""
    async with database.write() as connection:
        await connection.execute(
            import_run.insert().values(
                id=name,
                file="f.csv",
                state="running",
                posts=1,
                done=0,
                rejected=0,
                changes={},
                problems=[],
                created_by="usr_lin",
                created_at=at,
            )
        )
        await connection.execute(
            import_piece.insert().values(import_id=name, posts=1, content="sealed")
        )


async def test_while_posts_of_an_import_wait_the_wish_stands(
    database: Database, store: SqlitePostStore, handles: Handles, job: ErasureJob
) -> None:
    await known(database, handles, store)
    await import_begun(database, "before", at=START)
    await ask(database)
    await import_begun(database, "after", at=START + timedelta(seconds=1))
    assert await job.erase_all(START) == (Erased(author=AUTHOR, posts=1, handle=True),)
    assert await job.erase_all(START) == (Erased(author=AUTHOR, posts=0, handle=False),)
    await store.upsert([stored_post(3, author=AUTHOR)])
    async with database.write() as connection:
        await connection.execute(delete(import_piece).where(import_piece.c.import_id == "before"))
    assert await job.erase_all(START) == (Erased(author=AUTHOR, posts=1, handle=False),)
    assert await job.erase_all(START) == ()
    async with database.read() as connection:
        told = list(await connection.scalars(select(audit_entry.c.data)))
    assert [entry["posts"] for entry in told] == [1, 1]


async def test_asked_twice_is_asked_once(database: Database, job: ErasureJob) -> None:
    await ask(database)
    await ask(database, reason="again")
    async with database.read() as connection:
        (wish,) = await connection.scalars(select(runtime_setting.c.value))
    assert wish["reason"] == "asked by mail"
    assert await job.run(START) == 1


@pytest.mark.parametrize(
    "author", ["", "lin", "au_", "au_0123456789ABCDEF0123", "0123456789abcdef0123", AUTHOR + "0"]
)
async def test_what_is_no_author_is_refused(database: Database, author: str) -> None:
    with pytest.raises(InvalidInput, match="is no author"):
        await ask(database, author)


async def test_a_reason_is_needed(database: Database) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        await ask(database, reason="  ")


async def test_everybody_who_has_traces_is_asked() -> None:
    class Kept:
        def __init__(self, traces: int) -> None:
            self.traces = traces
            self.asked: list[str] = []

        async def forget_author(self, author: str) -> int:
            self.asked.append(author)
            return self.traces

    stories, complaints = Kept(2), Kept(3)
    assert await AllTraces(stories, complaints).forget_author(AUTHOR) == 5
    assert (stories.asked, complaints.asked) == ([AUTHOR], [AUTHOR])
