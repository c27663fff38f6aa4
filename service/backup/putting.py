"""Bringing a backup back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.audit import Verification, verify
from service.backup.errors import BackupError, DamagedBackup, OtherKeys
from service.backup.lines import reading
from service.backup.manifest import POSTS, STATE, Manifest
from service.backup.posts import Tell, import_posts
from service.backup.silence import Silenced, silence
from service.backup.state import fill, is_known, is_vacant
from service.clock import Clock
from service.db import Database
from service.db import migrate as migrations
from service.stores import PostStore

_AFTER_ALL = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back: `audit` is the chain as it stands now."""

    rows: int
    posts: int
    silenced: Silenced
    audit: Verification


async def occupied(database: Database, store: PostStore) -> tuple[str, ...]:
    """What a restore would overwrite, in words; empty for a system that holds nothing.

    Makes the post store where there is none yet. Raises StoreError.
    """
    await store.migrate()
    found = []
    if not await is_vacant(database):
        found.append("the state database")
    if await store.scan(since=None, after_id=None, limit=1):
        found.append("the post store")
    return tuple(found)


def admit(manifest: Manifest, *, fingerprint: str | None) -> None:
    """Refuse what this installation could not use. Raises BackupError, OtherKeys.

    `fingerprint` is that of the keys that it will have, None where it has none.
    """
    if not is_known(manifest.revision):
        raise BackupError(
            f"the backup has schema {manifest.revision}, which this version ({migrations.head()}) "
            f"does not know: it was made by Fengsui {manifest.version}; install that one"
        )
    if manifest.keys is not None and manifest.keys != fingerprint:
        raise OtherKeys(
            f"the backup was made with the keys {manifest.keys}, here are "
            f"{fingerprint or 'none'}: put keys.json into the data folder, or set "
            "FENGSUI_SECRET_KEY, as they were then"
        )


async def restore(
    folder: Path,
    manifest: Manifest,
    *,
    database: Database,
    store: PostStore,
    clock: Clock,
    scratch: Path,
    tell: Tell,
) -> Restored:
    """Replace state and posts by those of the backup; the service must not run.

    Posts first, then the state in one transaction: until that is done the old one, or none, is
    there. A backup of an earlier schema is brought up to this one. Raises DamagedBackup,
    BackupError, StoreError.
    """
    await _require_ours(database)
    await store.migrate()
    if await store.scan(since=None, after_id=None, limit=1):
        await store.delete_before(_AFTER_ALL)
    started = clock.monotonic()
    posts = await import_posts(store, reading(folder / POSTS), scratch=scratch, tell=tell)
    if posts != manifest.posts:
        raise DamagedBackup(f"{POSTS} holds {posts} posts, {manifest.posts} were written")
    tell(f"posts: {posts} in {clock.monotonic() - started:.1f} s")
    started = clock.monotonic()
    async with database.write() as connection:
        counts = await fill(connection, _values(folder / STATE), revision=manifest.revision)
        if counts != manifest.tables:
            raise DamagedBackup(f"{STATE} does not hold the rows that were written")
        silenced = await silence(connection, now=clock.now())
    rows = sum(counts.values())
    tell(f"state: {rows} rows in {clock.monotonic() - started:.1f} s")
    return Restored(rows=rows, posts=posts, silenced=silenced, audit=await verify(database))


async def _require_ours(database: Database) -> None:
    """Tables of a newer version are not known here, and would stay among the restored ones."""
    present = await migrations.current(database)
    if present is not None and not is_known(present):
        await migrations.check(database)


def _values(path: Path) -> Iterator[Any]:
    return (value for _, value in reading(path))
