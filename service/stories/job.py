"""The job that puts stored posts into stories: one process at a time, which remembers them.

What it remembers is in the database too, and read anew whenever somebody else may have changed it:
after another process had the turn, and after posts were erased.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import normalize
from nlp.stories import (
    Changes,
    How,
    SavedStory,
    Stories,
    Story,
    StoryLimits,
    StoryPost,
    StoryRules,
    restored,
    saved,
)
from service.clock import Clock
from service.db import Database
from service.db.alone import Alone, alone
from service.db.changes import mark
from service.db.leases import Tenure
from service.db.tables import lease
from service.metrics import stories_known, stories_placed
from service.stores import PostStore, StoredPost
from service.stories import inbox, repository
from service.stories.inbox import Waiting
from service.stories.placing import story_post
from service.stories.repository import Member

LEASE = "stories"
CHANGE = "story"
"""The kind of change that is announced when posts leave stories."""
EVERY = timedelta(seconds=10)
_WAIT = timedelta(seconds=30)
_BATCH = 256
_AT_ONCE = 20
"""Batches in one run; then other jobs have their turn."""
_KNOWLEDGE_EVERY = 4_096
_REMEMBERED = 50_000
_MOST_WORDS = 5_000

log = structlog.get_logger(__name__)


class StoryClustering:
    """Empties the inbox; what fails is tried again with the next run."""

    name = "stories"

    def __init__(
        self,
        *,
        database: Database,
        store: PostStore,
        clock: Clock,
        tenure: Tenure,
        names: Callable[[], Awaitable[Sequence[str]]],
        rules: StoryRules | None = None,
        limits: StoryLimits | None = None,
    ) -> None:
        """`names` answers the names of brands."""
        self._database = database
        self._store = store
        self._clock = clock
        self._tenure = tenure
        self._brand_names = names
        self._rules = rules
        self._limits = limits or StoryLimits()
        self._stories: Stories | None = None
        self._names: tuple[str, ...] = ()
        self._seen: tuple[object, ...] = ()
        # The first batch of a process is kept with what was learnt of it.
        self._unkept = _KNOWLEDGE_EVERY
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        """Every few seconds while posts wait, at once while there are many; None without any."""
        async with self._database.read() as connection:
            return self._due if await inbox.is_waiting(connection) else None

    async def run(self, now: datetime) -> int:
        """Place what waits; answers how many posts. Raises StoreError."""
        self._due = now + _WAIT
        if not await self._tenure.take():
            return 0
        placed = 0
        for _ in range(_AT_ONCE):
            rows = await self._waiting()
            if not rows:
                self._due = now + EVERY
                return placed
            placed += await self._place(rows)
        self._due = now
        return placed

    async def close(self) -> None:
        """Let another process have the turn."""
        await self._tenure.close()

    async def _waiting(self) -> list[Waiting]:
        async with self._database.read() as connection:
            return await inbox.waiting(connection, most=_BATCH)

    async def _place(self, rows: Sequence[Waiting]) -> int:
        async with self._database.read() as connection:
            seen = await _state(connection)
        if self._stories is None or seen != self._seen:
            await self._reload()
            self._seen = seen
        stories = self._stories
        assert stories is not None  # noqa: S101 - read just now
        # Until all of it is in the database, what is remembered is ahead of what is true.
        self._stories = None
        posts = await self._store.get_many([row.post_id for row in rows])
        async with self._database.read() as connection:
            known = await repository.homes(connection, list(posts))
        fresh = {name: post for name, post in posts.items() if name not in known}
        await self._recall(stories, fresh)
        now = max(row.seen_at for row in rows)
        changes = await asyncio.to_thread(self._decide, stories, rows, fresh, now)
        async with self._database.write(quiet=True) as connection:
            # Or posts could leave stories between this look and the end of the transaction.
            await alone(connection, Alone.WRITE_STORIES)
            if await _state(connection) != seen:
                log.info("stories.overtaken")
                return 0
            await self._keep(connection, stories, changes, fresh, at=now)
            await inbox.done(connection, rows)
        self._stories = stories
        stories_known.set(len(stories))
        for placement in changes.placements:
            stories_placed.labels(how=placement.how.value).inc()
        return len(changes.placements)

    def _decide(
        self,
        stories: Stories,
        rows: Sequence[Waiting],
        posts: dict[str, StoredPost],
        now: datetime,
    ) -> Changes:
        found: list[StoryPost] = []
        for row in rows:
            post = posts.get(row.post_id)
            if post is not None:
                made = story_post(post, vector=row.vector, space=row.space, names=self._names)
                found.append(made)
        found.sort(key=lambda item: (item.at, item.id))
        return stories.add(found, now=now)

    async def _recall(self, stories: Stories, posts: dict[str, StoredPost]) -> None:
        """Bring back the quiet stories of posts that are shared again."""
        shared = {name for post in posts.values() if (name := post.shared_id) is not None}
        unknown = sorted(name for name in shared if name not in posts and not stories.home(name))
        if not unknown:
            return
        async with self._database.read() as connection:
            homes = await repository.homes(connection, unknown)
            back = await repository.kept(connection, sorted(set(homes.values())))
        for item in back:
            _take_in(stories, item)
        for post, home in homes.items():
            stories.remember(post, home)

    async def _keep(
        self,
        connection: AsyncConnection,
        stories: Stories,
        changes: Changes,
        posts: dict[str, StoredPost],
        *,
        at: datetime,
    ) -> None:
        members = [
            _member(posts[item.post], item.story, leads=item.group is not None)
            for item in changes.placements
            if item.story is not None and item.how is not How.KNOWN
        ]
        await repository.add_members(connection, members)
        await repository.regroup(connection, changes.regroupings, at=at)
        forgotten = [
            name for name, story in changes.touched.items() if story.gone and not story.shown
        ]
        await repository.drop(connection, forgotten)
        standing = [story for story in changes.touched.values() if story.into is None]
        await repository.save(
            connection,
            [
                (_saved(stories, story, changes), story.phase)
                for story in standing
                if story.shown or not story.gone
            ],
            at=at,
        )
        self._unkept += len(changes.placements)
        if self._unkept >= _KNOWLEDGE_EVERY:
            await repository.keep_knowledge(connection, stories.learnt())
            self._unkept = 0

    async def _reload(self) -> None:
        limits = self._limits
        stories = Stories(rules=self._rules, limits=limits)
        async with self._database.read() as connection:
            stories.recall(await repository.knowledge(connection))
            # Room is left for those that come back.
            active = await repository.active(connection, most=limits.stories - 2 * limits.block)
            latest = await repository.latest_members(connection, most=_REMEMBERED)
        await asyncio.to_thread(_remember, stories, active, latest)
        words = (await self._brand_names())[:_MOST_WORDS]
        self._names = tuple(sorted({normalize(word).text.strip() for word in words} - {""}))
        self._stories = stories


async def _state(connection: AsyncConnection) -> tuple[object, ...]:
    """Differs as soon as another process had the turn, or posts left stories."""
    held = (
        await connection.execute(select(lease.c.owner, lease.c.fence).where(lease.c.name == LEASE))
    ).first()
    return (None if held is None else tuple(held)), await mark(connection, CHANGE)


def _remember(stories: Stories, active: Sequence[SavedStory], latest: Sequence[Member]) -> None:
    """`latest` comes newest first."""
    for item in active:
        _take_in(stories, item)
    for member in reversed(latest):
        stories.remember(
            member.post_id, member.story_id, group=member.copy_group, leads=member.leads
        )


def _take_in(stories: Stories, item: SavedStory) -> None:
    try:
        story, mean = restored(item)
    except (ValueError, KeyError, TypeError):
        # Kept by another version: it stays as it was and takes no more posts.
        log.warning("stories.not_restored", story=item.id)
        return
    stories.take_in(story, mean)


def _saved(stories: Stories, story: Story, changes: Changes) -> SavedStory:
    left = changes.means.get(story.id)
    return saved(story, stories.mean(story) if left is None else left)


def _member(post: StoredPost, story_id: str, *, leads: bool) -> Member:
    return Member(
        post_id=post.id,
        story_id=story_id,
        at=post.published_at,
        author=post.author,
        source=post.source,
        sentiment=post.sentiment,
        monitors=post.monitors,
        copy_group=post.copy_group or post.id,
        leads=leads,
    )
