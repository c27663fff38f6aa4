"""Stories for people: lists, one with its growth, its posts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.pii import masked
from nlp.stories import Phase, headline_of
from nlp.stories.tally import Tally
from service.clock import Clock
from service.db import Database
from service.db.tables import story, story_facet, story_post
from service.stores import PostStore, StoredPost
from service.stories.errors import StoryNotFound
from service.stories.model import (
    Caption,
    GrowthPoint,
    StoryDetail,
    StoryFilter,
    StorySort,
    StorySummary,
)
from service.stories.repository import MONITOR, SOURCE

_TOLD = (Phase.OPEN.value, Phase.QUIET.value)
_COLUMNS: Mapping[StorySort, Any] = {
    StorySort.VOLUME: story.c.posts,
    StorySort.GROWTH: story.c.heat,
    StorySort.RECENCY: story.c.last_at,
}
_HEADLINE_FROM = 3
_HEADLINE_READS = 1_200
"""Code points of a text: more than a headline is picked from, by the length of what is masked."""
_TERMS = 8
_MOST_PARTS = 20

Position = tuple[Any, str]
"""The value that a list is sorted by, and the id, of the last story of a page."""


class StoryBook:
    """Reads what the clustering job has written; of posts that are gone it tells nothing."""

    def __init__(self, database: Database, *, store: PostStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def page(
        self, wanted: StoryFilter, *, after: Position | None = None, limit: int = 50
    ) -> tuple[tuple[StorySummary, ...], Position | None]:
        """A page of stories, and where the next one begins: None at the end."""
        query = _filtered(wanted, after=after).limit(limit + 1)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        page = rows[:limit]
        wanted_posts = {name for row in page for name in _standing(row)[:_HEADLINE_FROM]}
        posts = await self._store.get_many(sorted(wanted_posts))
        now = self._clock.now()
        # In a thread: masking the texts of a long page takes a while.
        items = await asyncio.to_thread(_summaries, page, posts, now)
        if len(rows) <= limit:
            return items, None
        last = page[-1]
        return items, (last._mapping[_COLUMNS[wanted.sort].name], last.id)

    async def one(self, story_id: str) -> StoryDetail:
        """One story, that which it was merged into where it was. Raises StoryNotFound."""
        async with self._database.read() as connection:
            row = await _row(connection, story_id)
            parts = await connection.scalars(
                select(story.c.id)
                .where(story.c.origin == row.id, story.c.phase.in_(_TOLD))
                .order_by(story.c.first_at, story.c.id)
                .limit(_MOST_PARTS)
            )
            parts_found = tuple(parts)
        standing = _standing(row)
        first = row.data["first_post"]
        posts = await self._store.get_many(sorted({*standing, first}))
        curve = Tally.of(row.data["tally"]).curve
        return StoryDetail(
            asked=story_id,
            summary=_summary(row, posts, now=self._clock.now()),
            first_post=posts.get(first),
            representatives=tuple(posts[name] for name in standing if name in posts),
            width=timedelta(seconds=curve.width_s),
            curve=tuple(
                GrowthPoint(start=datetime.fromtimestamp(start, UTC), posts=count)
                for start, count in curve.points()
            ),
            parts=parts_found,
        )

    async def posts(
        self, story_id: str, *, after: tuple[datetime, str] | None = None, limit: int = 50
    ) -> tuple[tuple[StoredPost, ...], tuple[datetime, str] | None]:
        """Posts of a story, the newest first, and where the next page begins.

        A page is shorter where posts have left the store. Raises StoryNotFound.
        """
        async with self._database.read() as connection:
            row = await _row(connection, story_id)
            query = (
                select(story_post.c.post_id, story_post.c.at)
                .where(story_post.c.story_id == row.id)
                .order_by(story_post.c.at.desc(), story_post.c.post_id)
                .limit(limit + 1)
            )
            if after is not None:
                at, post_id = after
                query = query.where(
                    or_(
                        story_post.c.at < at,
                        and_(story_post.c.at == at, story_post.c.post_id > post_id),
                    )
                )
            rows = (await connection.execute(query)).all()
        page = rows[:limit]
        found = await self._store.get_many([item.post_id for item in page])
        following = (page[-1].at, page[-1].post_id) if len(rows) > limit else None
        return tuple(found[r.post_id] for r in page if r.post_id in found), following


def _filtered(wanted: StoryFilter, *, after: Position | None) -> Select[Any]:
    column = _COLUMNS[wanted.sort]
    query = select(story).where(story.c.phase.in_(_TOLD)).order_by(column.desc(), story.c.id)
    for kind, name in ((MONITOR, wanted.monitor), (SOURCE, wanted.source)):
        if name is not None:
            query = query.where(
                exists().where(
                    story_facet.c.story_id == story.c.id,
                    story_facet.c.kind == kind,
                    story_facet.c.name == name,
                )
            )
    if wanted.since is not None:
        query = query.where(story.c.last_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(story.c.first_at < wanted.until)
    if after is not None:
        value, story_id = after
        query = query.where(or_(column < value, and_(column == value, story.c.id > story_id)))
    return query


async def _row(connection: AsyncConnection, story_id: str) -> Row[Any]:
    row = (await connection.execute(select(story).where(story.c.id == story_id))).first()
    if row is not None and row.merged_into is not None:
        row = (await connection.execute(select(story).where(story.c.id == row.merged_into))).first()
    if row is None or row.phase not in _TOLD:
        raise StoryNotFound(
            f"no story has the id {story_id[:64]!r}: there was none, or its posts were erased"
        )
    return row


def _standing(row: Row[Any]) -> list[str]:
    return list(row.data["representatives"])


def _summaries(
    rows: Sequence[Row[Any]], posts: Mapping[str, StoredPost], now: datetime
) -> tuple[StorySummary, ...]:
    return tuple(_summary(row, posts, now=now) for row in rows)


def _summary(row: Row[Any], posts: Mapping[str, StoredPost], *, now: datetime) -> StorySummary:
    data = row.data
    tally = Tally.of(data["tally"])
    terms: Mapping[str, float] = data["terms"]
    ordered = sorted(terms, key=lambda word: (-terms[word], word))
    return StorySummary(
        id=row.id,
        phase=Phase(row.phase),
        headline=_headline([posts[n] for n in _standing(row) if n in posts], terms),
        terms=tuple(masked(word) for word in ordered[:_TERMS]),
        posts=tally.posts,
        texts=tally.texts,
        pace=round(tally.pace(now.timestamp()), 3),
        first_at=row.first_at,
        last_at=row.last_at,
        sources=tally.sources,
        sentiments=tally.sentiments,
        monitors=tally.monitors,
        origin=row.origin,
        space=row.space,
    )


def _headline(posts: Sequence[StoredPost], terms: Mapping[str, float]) -> Caption | None:
    chosen = posts[:_HEADLINE_FROM]
    # Masked before a sentence is cut out: what is personal may be told by what stands around it.
    texts = [
        masked(text[:_HEADLINE_READS])
        for post in chosen
        for text in ((post.title or ""), post.text)
    ]
    found = headline_of(texts, terms)
    return None if found is None else Caption(post=chosen[found.text // 2].id, text=found.words)
