"""What was made of posts goes with them, after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from service.auth import Handles, KeyRing
from service.db import Database
from service.retention import ErasureJob, PostRetention, request_erasure
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post

AUTHOR = "au_0123456789abcdef0123"


class Traces:
    """Notes what it is told, and how many posts were left then."""

    def __init__(self, store: SqlitePostStore) -> None:
        self._store = store
        self.told: list[tuple[object, int]] = []

    async def forget_author(self, author: str) -> int:
        self.told.append((author, await self._left()))
        return 0

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        self.told.append(((instant, tuple(keep)), await self._left()))
        return 0

    async def _left(self) -> int:
        return len(await self._store.scan(since=None, after_id=None, limit=10))


async def test_of_an_erased_author(
    database: Database, clock: SteppingClock, store: SqlitePostStore, tmp_path: Path
) -> None:
    traces = Traces(store)
    handles = Handles(database, clock, KeyRing.from_file(tmp_path / "keys.json"))
    job = ErasureJob(
        database, clock=clock, store=store, handles=handles, owner="one", traces=traces
    )
    await store.upsert([stored_post(1, author=AUTHOR)])
    async with database.write() as connection:
        await request_erasure(connection, AUTHOR, actor="usr_lin", reason="asked", at=START)

    await job.run(START)

    assert traces.told == [(AUTHOR, 0)]


async def test_of_old_posts(
    database: Database, clock: SteppingClock, store: SqlitePostStore
) -> None:
    traces = Traces(store)
    kept = timedelta(days=30)
    job = PostRetention(database, clock=clock, store=store, owner="one", kept=kept, traces=traces)
    await store.upsert([stored_post(1, published_at=START - 2 * kept, fetched_at=START)])

    await job.run(START)

    assert traces.told == [((START - kept, ()), 0)]
