"""What the embedded store adds to the contract of all stores: a file of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nlp.text.search_tokens import search_phrases
from service.errors import SchemaOutdated
from service.stores.errors import StoreError
from service.stores.post_store import PostQuery, PostStore
from service.stores.sqlite import SqlitePostStore
from tests.support.stored_posts import NOON, stored_post


def open_store(path: Path, **options: float) -> SqlitePostStore:
    return SqlitePostStore(
        path,
        query_phrases=lambda text: search_phrases(text.lower()),
        durable=False,
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = open_store(tmp_path / "posts.db")
    await opened.migrate()
    yield opened
    await opened.close()


class TestFile:
    async def test_migrating_makes_directory_and_file_and_is_harmless_twice(
        self, tmp_path: Path
    ) -> None:
        opened = open_store(tmp_path / "new" / "里 %20?#" / "posts.db")
        await opened.migrate()
        await opened.migrate()
        await opened.check()
        await opened.upsert([stored_post()])
        await opened.close()
        again = open_store(tmp_path / "new" / "里 %20?#" / "posts.db")
        assert await again.count(PostQuery()) == 1
        await again.close()

    async def test_a_missing_file_asks_for_migrate_and_is_not_made(self, tmp_path: Path) -> None:
        opened = open_store(tmp_path / "posts.db")
        with pytest.raises(SchemaOutdated, match="fengsui migrate"):
            await opened.check()
        with pytest.raises(StoreError, match="fengsui migrate"):
            await opened.upsert([stored_post()])
        with pytest.raises(SchemaOutdated, match="is not there"):
            await opened.check()
        await opened.close()

    async def test_a_damaged_file_is_a_store_error(self, tmp_path: Path) -> None:
        path = tmp_path / "posts.db"
        path.write_bytes(b"not a database" * 1_000)
        opened = open_store(path)
        with pytest.raises(StoreError, match=r"posts\.db.*not a SQLite database"):
            await opened.check()
        await opened.close()

    async def test_a_directory_that_cannot_be_made_is_a_store_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        opened = open_store(tmp_path / "file" / "posts.db")
        with pytest.raises(StoreError, match="directory"):
            await opened.migrate()
        await opened.close()

    async def test_a_locked_file_is_a_store_error(
        self, store: SqlitePostStore, tmp_path: Path
    ) -> None:
        hasty = open_store(tmp_path / "posts.db", busy_timeout_seconds=0.05)
        other = sqlite3.connect(tmp_path / "posts.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            await hasty.upsert([stored_post()])
        other.execute("ROLLBACK")
        await hasty.upsert([stored_post()])
        other.close()
        await hasty.close()
        assert await store.count(PostQuery()) == 1

    async def test_a_closed_store_says_so(self, tmp_path: Path) -> None:
        opened = open_store(tmp_path / "posts.db")
        await opened.migrate()
        await opened.close()
        await opened.close()
        with pytest.raises(StoreError, match="closed"):
            await opened.count(PostQuery())

    async def test_the_month_follows_the_first_instant(
        self, store: SqlitePostStore, tmp_path: Path
    ) -> None:
        await store.upsert([stored_post()])
        other = sqlite3.connect(tmp_path / "posts.db")
        assert other.execute("SELECT month FROM post").fetchall() == [(f"{NOON:%Y-%m}",)]
        other.close()

    async def test_the_word_index_stays_sound(self, store: SqlitePostStore, tmp_path: Path) -> None:
        await store.upsert([stored_post(n, f"第{n}瓶茶 tea{n}") for n in range(50)])
        await store.upsert(
            [stored_post(n, "改", fetched_at=NOON.replace(hour=20)) for n in range(25)]
        )
        await store.delete_before(stored_post(10).published_at)
        other = sqlite3.connect(tmp_path / "posts.db")
        other.execute("INSERT INTO post_fts (post_fts) VALUES ('integrity-check')")
        found = other.execute("SELECT count(*) FROM post_fts WHERE post_fts MATCH '改'").fetchone()
        assert found == (15,)
        other.close()

    async def test_cancelled_writing_leaves_the_store_usable(self, store: SqlitePostStore) -> None:
        task = asyncio.create_task(store.upsert([stored_post(n) for n in range(300)]))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await store.upsert([stored_post(1_000)])
        assert await store.count(PostQuery()) in {1, 301}


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.service.stores.test_sqlite import open_store
from tests.support.stored_posts import stored_post

async def main():
    store = open_store(Path(sys.argv[1]))
    for number in range(10):
        await store.upsert([stored_post(number * 10 + n) for n in range(10)])
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_what_was_acknowledged_survives_a_kill(store: PostStore, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(tmp_path / "posts.db"), cwd=Path.cwd()
    )
    assert await process.wait() == -9
    assert await store.count(PostQuery(monitors=("tea",), text="青柚")) == 100
