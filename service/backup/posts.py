"""Posts out of a store and into one, through the protocol: from any engine to any other."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson

from service.backup.lines import LineWriter
from service.backup.post_lines import KeptPost, read_post_line, stored_together, wordings
from service.stores import PostStore, PostVersion, StoredPost

TOLD_EVERY = 50_000
_PAGE = 1_000
_QUESTIONS = 20
"""Posts whose earlier wordings are asked for side by side."""
_LEAST = 500
_MOST = 5_000

Tell = Callable[[str], None]
"""Is told a line of progress."""


async def export_posts(store: PostStore, out: LineWriter, *, tell: Tell) -> int:
    """Write every post with its versions, in the order of ids; answers how many.

    What is stored meanwhile is in the backup or is not. Raises StoreError.
    """
    done = 0
    after: str | None = None
    while page := await store.scan(since=None, after_id=after, limit=_PAGE):
        for kept in await _with_versions(store, page):
            out.write(kept)
        after = page[-1].id
        if (done + len(page)) // TOLD_EVERY > done // TOLD_EVERY:
            tell(f"{done + len(page)} posts written")
        done += len(page)
    return done


async def import_posts(
    store: PostStore, lines: Iterable[tuple[bytes, Any]], *, scratch: Path, tell: Tell
) -> int:
    """Store posts as they were, with versions, in the order in which they were first stored.

    Their order is found on disk, in `scratch`, where as much room is needed as the lines take
    unpacked. Into an empty store `stored_at` is as it was; in others posts move behind what was
    ever committed there. Answers how many. Raises DamagedBackup, StoreError.
    """
    done = 0
    with _in_order(lines, scratch=scratch) as kept:
        for batch in stored_together(kept, least=_LEAST, most=_MOST):
            await store.upsert([wording for item in batch for wording in wordings(item)])
            if (done + len(batch)) // TOLD_EVERY > done // TOLD_EVERY:
                tell(f"{done + len(batch)} posts stored")
            done += len(batch)
    return done


async def _with_versions(store: PostStore, page: Sequence[StoredPost]) -> list[KeptPost]:
    edited = [post.id for post in page if post.version > 1]
    past: dict[str, tuple[PostVersion, ...]] = {}
    for start in range(0, len(edited), _QUESTIONS):
        some = edited[start : start + _QUESTIONS]
        answers = await asyncio.gather(*(store.versions(post_id) for post_id in some))
        past |= zip(some, answers, strict=True)
    return [KeptPost(post=post, past=past.get(post.id, ())) for post in page]


@contextmanager
def _in_order(lines: Iterable[tuple[bytes, Any]], *, scratch: Path) -> Iterator[Iterator[KeptPost]]:
    """The posts by `stored_at`: sorted by SQLite, since memory may not hold them."""
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix=".restore-") as folder,
        closing(sqlite3.connect(Path(folder) / "order.db", isolation_level=None)) as order,
    ):
        order.execute("PRAGMA journal_mode = OFF")
        order.execute("PRAGMA synchronous = OFF")
        order.execute("CREATE TABLE post (stored_at TEXT NOT NULL, line BLOB NOT NULL)")
        order.execute("BEGIN")
        order.executemany("INSERT INTO post VALUES (?, ?)", _keyed(lines))
        order.execute("COMMIT")
        order.execute("CREATE INDEX post_order ON post (stored_at)")
        rows = order.execute("SELECT line FROM post ORDER BY stored_at, rowid")
        yield (read_post_line(orjson.loads(line)) for (line,) in rows)


def _keyed(lines: Iterable[tuple[bytes, Any]]) -> Iterator[tuple[str, bytes]]:
    for line, data in lines:
        yield read_post_line(data).post.stored_at.isoformat(timespec="microseconds"), line
