"""Posts that leave stories: erased with their author, or too old to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.stories import Phase, Recount, SavedStory, StoryPost
from service.clock import Clock
from service.db import Database
from service.db.alone import Alone, alone
from service.db.changes import announce
from service.db.tables import story, story_post
from service.stores import PostStore
from service.stories import repository
from service.stories.job import CHANGE
from service.stories.repository import Member

_AT_ONCE = 500
_PAGE = 2_000


class StoryForgetting:
    """Takes posts out of their stories, which are counted anew; one without posts is gone."""

    def __init__(self, database: Database, *, store: PostStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def forget_author(self, author: str) -> int:
        """Take out the posts of an author, which have left the post store; answers how many."""
        return await self._forget(story_post.c.author == author)

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """Take out posts published before, except the kept ids; answers how many.

        Ids that lead to other stories go after the same time.
        """
        forgotten = await self._forget(story_post.c.at < instant, keep=keep)
        async with self._database.write(quiet=True) as connection:
            await connection.execute(
                delete(story).where(
                    story.c.phase == Phase.MERGED.value, story.c.updated_at < instant
                )
            )
        return forgotten

    async def _forget(self, condition: ColumnElement[bool], *, keep: Sequence[str] = ()) -> int:
        kept, forgotten, after = set(keep), 0, ""
        while True:
            async with self._database.write(quiet=True) as connection:
                await alone(connection, Alone.WRITE_STORIES)
                rows = (
                    await connection.execute(
                        select(story_post.c.post_id, story_post.c.story_id)
                        .where(condition, story_post.c.post_id > after)
                        .order_by(story_post.c.post_id)
                        .limit(_AT_ONCE)
                    )
                ).all()
                gone = [row for row in rows if row.post_id not in kept]
                await connection.execute(
                    delete(story_post).where(story_post.c.post_id.in_([r.post_id for r in gone]))
                )
                for story_id in sorted({row.story_id for row in gone}):
                    await self._recount(connection, story_id)
                # In the same transaction, and where nothing was found too: the clustering job may
                # be about to place what has just been erased.
                await announce(
                    connection, at=self._clock.now(), kind=CHANGE, subject_id="forgotten"
                )
            forgotten += len(gone)
            if len(rows) < _AT_ONCE:
                return forgotten
            after = rows[-1].post_id

    async def _recount(self, connection: AsyncConnection, story_id: str) -> None:
        found = await repository.kept(connection, [story_id])
        recount, after = Recount(), ""
        while True:
            members = await repository.members(connection, story_id, after=after, limit=_PAGE)
            recount.add(_posted(member) for member in members)
            if len(members) < _PAGE:
                break
            after = members[-1].post_id
        if not found:
            return
        left = recount.of(found[0], words=await self._words(found[0]))
        if left is None:
            await repository.drop(connection, [story_id])
            return
        row = await connection.execute(select(story.c.phase).where(story.c.id == story_id))
        phase = Phase(row.scalar_one())
        await repository.save(connection, [(left, phase)], at=self._clock.now())

    async def _words(self, item: SavedStory) -> frozenset[str]:
        """What the posts that stand for a story say, of those that are still there."""
        ids = {text["post"] for text in item.data["texts"]} | set(item.data["representatives"])
        posts = await self._store.get_many(sorted(ids))
        return frozenset(word for post in posts.values() for word in post.words)


def _posted(member: Member) -> StoryPost:
    return StoryPost(
        id=member.post_id,
        at=member.at,
        source=member.source,
        sentiment=member.sentiment,
        monitors=member.monitors,
        copy_group=member.copy_group,
    )
