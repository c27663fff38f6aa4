"""Imports in the state database: a run, and the posts that still wait, encrypted, piece by piece.

The file itself is not kept: it is read when it comes, so that whoever sent it learns at once what
is wrong with it.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import Post, parse_post, post_to_wire
from service.audit import record
from service.auth import Action, KeyRing, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut
from service.db.storable import storable
from service.db.tables import import_piece, import_run
from service.errors import Conflict, NotFound
from service.ingest.imports.model import PIECE, ImportOptions, ImportRun, ImportState
from service.ingest.imports.reading import read_whole

FORGOTTEN_AFTER = timedelta(days=90)
MOST_WAITING = 20
"""Imports that may wait at once: each holds its posts in the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Posts of one run that are stored next, still sealed."""

    id: int
    run: str
    posts: int
    content: str


class Imports:
    """Takes files, and tells how far each has come."""

    def __init__(self, database: Database, clock: Clock, keyring: KeyRing) -> None:
        self._database = database
        self._clock = clock
        self._keyring = keyring

    async def begin(self, actor: Principal, content: bytes, options: ImportOptions) -> ImportRun:
        """Read a file and leave its posts to the job. Raises Forbidden, InvalidInput, Conflict."""
        actor.require(Action.EDIT, Resource.POST)
        async with self._database.read() as connection:
            await _require_room(connection)  # before a minute of reading; and again when it is done
        read = await asyncio.to_thread(read_whole, content, options)
        pieces = await asyncio.to_thread(self._seal, read.posts)
        now = self._clock.now()
        run_id = f"imp_{secrets.token_hex(10)}"
        async with self._database.write() as connection:
            await _forget(connection, before=now - FORGOTTEN_AFTER)
            await _require_room(connection)
            await connection.execute(
                import_run.insert().values(
                    id=run_id,
                    file=storable(options.name),
                    state=ImportState.RUNNING.value,
                    posts=len(read.posts),
                    done=0,
                    rejected=read.rejected,
                    changes={},
                    problems=storable([[item.place, item.reason] for item in read.problems]),
                    created_by=actor.id,
                    created_at=now,
                )
            )
            await connection.execute(
                import_piece.insert(),
                [
                    {"import_id": run_id, "posts": posts, "content": sealed}
                    for posts, sealed in pieces
                ],
            )
            await record(
                connection,
                at=now,
                actor=actor.id,
                action="import.begun",
                subject_type="import",
                subject_id=run_id,
                data={"file": options.name, "posts": len(read.posts), "rejected": read.rejected},
            )
        return await self.get(run_id)

    async def get(self, run_id: str) -> ImportRun:
        """Raises NotFound."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(import_run).where(import_run.c.id == run_id))
            ).first()
        if row is None:
            raise NotFound(f"no import {run_id}; they are forgotten after {FORGOTTEN_AFTER.days} d")
        return _run(row)

    async def page(
        self, *, after: tuple[datetime, str] | None = None, limit: int = 50
    ) -> Page[ImportRun]:
        """Imports, newest first; `after` is the creation and id of the last one of a page."""
        row = import_run.c
        query = select(import_run).order_by(row.created_at.desc(), row.id).limit(limit + 1)
        if after is not None:
            at, run_id = after
            query = query.where(
                or_(row.created_at < at, and_(row.created_at == at, row.id > run_id))
            )
        async with self._database.read() as connection:
            items = [_run(found) for found in await connection.execute(query)]
        return cut(items, limit=limit, key=lambda item: item.id)

    async def waiting(self) -> bool:
        """Whether any piece waits to be stored."""
        async with self._database.read() as connection:
            return await connection.scalar(select(import_piece.c.id).limit(1)) is not None

    async def next_piece(self) -> Piece | None:
        """The oldest piece that waits."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(import_piece).order_by(import_piece.c.id).limit(1))
            ).first()
        if row is None:
            return None
        return Piece(id=row.id, run=row.import_id, posts=row.posts, content=row.content)

    def open(self, piece: Piece) -> list[Post]:
        """The posts of a piece. Raises Undecipherable when its key is lost."""
        packed = base64.b64decode(self._keyring.decrypt(piece.content))
        return [parse_post(wire) for wire in orjson.loads(zlib.decompress(packed))]

    async def store(self, piece: Piece, changes: Mapping[str, int]) -> None:
        """Count a piece as stored, and its run as done with its last one; once, by whomever."""
        async with self._database.write() as connection:
            run = await _locked(connection, piece.run)
            gone = await connection.execute(
                delete(import_piece).where(import_piece.c.id == piece.id)
            )
            if not gone.rowcount or run is None:
                return
            left = await connection.scalar(
                select(func.count())
                .select_from(import_piece)
                .where(import_piece.c.import_id == piece.run)
            )
            ended = {} if left else {"state": ImportState.DONE.value, "finished_at": self._now()}
            await connection.execute(
                update(import_run)
                .where(import_run.c.id == piece.run)
                .values(
                    done=run.done + piece.posts,
                    changes=dict(Counter(run.changes) + Counter(changes)),
                    **ended,
                )
            )

    async def fail(self, run_id: str, reason: str) -> None:
        """Give a run up, and forget what waits of it."""
        async with self._database.write() as connection:
            await connection.execute(delete(import_piece).where(import_piece.c.import_id == run_id))
            await connection.execute(
                update(import_run)
                .where(import_run.c.id == run_id)
                .values(
                    state=ImportState.FAILED.value, reason=reason[:500], finished_at=self._now()
                )
            )

    def _now(self) -> datetime:
        return self._clock.now()

    def _seal(self, posts: Sequence[Post]) -> list[tuple[int, str]]:
        pieces = []
        for start in range(0, len(posts), PIECE):
            part = posts[start : start + PIECE]
            packed = zlib.compress(orjson.dumps([post_to_wire(post) for post in part]), 6)
            pieces.append((len(part), self._keyring.encrypt(base64.b64encode(packed).decode())))
        return pieces


async def _require_room(connection: AsyncConnection) -> None:
    waiting = await connection.scalar(
        select(func.count())
        .select_from(import_run)
        .where(import_run.c.state == ImportState.RUNNING.value)
    )
    if (waiting or 0) >= MOST_WAITING:
        raise Conflict(f"{waiting} imports wait already; send this one when one of them is done")


async def _locked(connection: AsyncConnection, run_id: str) -> Row[Any] | None:
    found = await connection.execute(
        select(import_run).where(import_run.c.id == run_id).with_for_update()
    )
    return found.first()


async def _forget(connection: AsyncConnection, *, before: datetime) -> None:
    old = (
        import_run.c.state != ImportState.RUNNING.value,
        import_run.c.created_at < before,
    )
    await connection.execute(delete(import_run).where(*old))


def _run(row: Row[Any]) -> ImportRun:
    return ImportRun(
        id=row.id,
        file=row.file,
        state=ImportState(row.state),
        posts=row.posts,
        done=row.done,
        rejected=row.rejected,
        changes=row.changes,
        problems=tuple((place, reason) for place, reason in row.problems),
        reason=row.reason,
        created_by=row.created_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
