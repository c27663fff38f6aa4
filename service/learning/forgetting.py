"""Corrections of posts that are gone: their author was erased, or they were too old to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from service.db import Database
from service.db.tables import correction
from service.stores import PostStore

_PAGE = 500


class CorrectionForgetting:
    """Takes out what was said of posts that are stored no more: notes may quote them."""

    def __init__(self, database: Database, *, store: PostStore) -> None:
        self._database = database
        self._store = store

    async def forget_author(self, author: str) -> int:
        """After the posts of an author have left the post store; answers how many it were."""
        return await self._forget()

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """The same after those have left that were too old."""
        return await self._forget()

    async def _forget(self) -> int:
        forgotten, after = 0, ""
        while True:
            async with self._database.read() as connection:
                found = await connection.scalars(
                    select(correction.c.post_id)
                    .where(correction.c.post_id > after)
                    .distinct()
                    .order_by(correction.c.post_id)
                    .limit(_PAGE)
                )
                ids = list(found)
            if not ids:
                return forgotten
            after = ids[-1]
            stored = await self._store.get_many(ids)
            gone = [post_id for post_id in ids if post_id not in stored]
            if not gone:
                continue
            async with self._database.write(quiet=True) as connection:
                taken = await connection.execute(
                    delete(correction).where(correction.c.post_id.in_(gone))
                )
                forgotten += taken.rowcount
