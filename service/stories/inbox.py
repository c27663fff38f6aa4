"""Where ingest leaves stored posts for the clustering job: their ids and vectors, durably."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.stories import StoryLimits
from service.coverage import CANARY
from service.db import Database
from service.db.statement import insert
from service.db.tables import story_inbox, story_post
from service.stores import StoredPost
from service.stories import vectors

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A stored post with its sentence embedding, (width,), and the version of what made that.

    Without one `vector` is None: then the text alone decides.
    """

    post: StoredPost
    vector: NDArray[np.float32] | None = field(compare=False, repr=False)
    space: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row of the inbox."""

    seq: int
    post_id: str
    space: str
    vector: NDArray[np.float32] | None = field(compare=False, repr=False)
    seen_at: datetime


class StoryInbox:
    """Takes posts in; told of one again, it changes nothing."""

    def __init__(self, database: Database, *, window: timedelta | None = None) -> None:
        """Posts older than `window` when they come are past being news."""
        self._database = database
        self._window = StoryLimits().window if window is None else window

    async def offer(self, embedded: Sequence[Embedded], *, now: datetime) -> int:
        """Leave those that are recent and in no story yet; answers how many. Durable on return.

        Told of every post and not of new ones alone: a crash between the two stores loses none.
        """
        recent = {
            item.post.id: item
            for item in embedded
            if item.post.published_at >= now - self._window and item.post.via != CANARY
        }
        if not recent:
            return 0
        async with self._database.read() as connection:
            known = await _known(connection, list(recent))
        rows = [
            {
                "post_id": item.post.id,
                "space": item.space[:128],
                "vector": vectors.packed(item.vector),
                "seen_at": now,
            }
            for item in sorted(recent.values(), key=lambda i: (i.post.published_at, i.post.id))
            if item.post.id not in known
        ]
        if not rows:
            return 0
        async with self._database.write(quiet=True) as connection:
            statement = insert(connection, story_inbox).on_conflict_do_nothing(
                index_elements=["post_id"]
            )
            await connection.execute(statement, rows)
        return len(rows)


async def waiting(connection: AsyncConnection, *, most: int) -> list[Waiting]:
    """The rows that came first."""
    rows = await connection.execute(select(story_inbox).order_by(story_inbox.c.seq).limit(most))
    return [
        Waiting(
            seq=row.seq,
            post_id=row.post_id,
            space=row.space,
            vector=None if row.vector is None else vectors.unpacked(row.vector),
            seen_at=row.seen_at,
        )
        for row in rows
    ]


async def is_waiting(connection: AsyncConnection) -> bool:
    """Whether any post waits."""
    return await connection.scalar(select(story_inbox.c.seq).limit(1)) is not None


async def done(connection: AsyncConnection, rows: Sequence[Waiting]) -> None:
    """Forget rows and with them the vectors of their posts."""
    sequences = [row.seq for row in rows]
    await connection.execute(delete(story_inbox).where(story_inbox.c.seq.in_(sequences)))


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        for table in (story_post, story_inbox):
            known.update(
                await connection.scalars(select(table.c.post_id).where(table.c.post_id.in_(chunk)))
            )
    return known
