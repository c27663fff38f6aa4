"""Making a backup while the service runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import select

from service.auth.privacy import FINGERPRINT
from service.backup.errors import NotEmpty
from service.backup.lines import checksum, writing
from service.backup.manifest import KEYS, POSTS, STATE, Manifest, write_manifest
from service.backup.posts import Tell, export_posts
from service.backup.state import dump, snapshot
from service.clock import Clock
from service.db import Database
from service.db import migrate as migrations
from service.db.tables import runtime_setting
from service.stores import PostStore
from service.version import VERSION


async def back_up(
    folder: Path,
    *,
    database: Database,
    store: PostStore,
    clock: Clock,
    keys: Path | None,
    tell: Tell,
) -> Manifest:
    """Write state, then posts, then `keys` where given, into a new or empty folder.

    The state is of one instant. Posts are copied after it: what comes in between is pulled again
    after a restore, since the sources' cursors are older. Raises NotEmpty, SchemaOutdated,
    StoreError.
    """
    _require_empty(folder)
    await migrations.check(database)
    await store.check()
    made_at, started = clock.now(), clock.monotonic()
    with writing(folder / STATE) as out:
        async with snapshot(database) as connection:
            tables = await dump(connection, out)
            fingerprint = await connection.scalar(
                select(runtime_setting.c.value).where(runtime_setting.c.name == FINGERPRINT)
            )
    tell(f"state: {sum(tables.values())} rows in {clock.monotonic() - started:.1f} s")
    started = clock.monotonic()
    with writing(folder / POSTS) as out:
        posts = await export_posts(store, out, tell=tell)
    tell(f"posts: {posts} in {clock.monotonic() - started:.1f} s")
    names = [STATE, POSTS]
    if keys is not None:
        put_key_file(keys, folder / KEYS)
        names.append(KEYS)
    manifest = Manifest(
        version=VERSION,
        revision=migrations.head(),
        made_at=made_at,
        tables=tables,
        posts=posts,
        keys=fingerprint,
        files={name: checksum(folder / name) for name in names},
    )
    write_manifest(folder, manifest)
    return manifest


def _require_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty; name a new folder")


def put_key_file(source: Path, target: Path) -> None:
    """A copy that its owner alone can read, from its first byte on. Raises FileExistsError."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy, source.open("rb") as original:
        shutil.copyfileobj(original, copy)
        copy.flush()
        os.fsync(copy.fileno())
