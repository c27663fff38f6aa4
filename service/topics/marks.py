"""The active topics, and what a new post keeps of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from nlp.topics import Assigned, BadTopicModel, TopicModel, assign, content_words
from service.coverage import CANARY
from service.db import Database
from service.db.changes import mark
from service.stores import StoredPost
from service.topics import repository
from service.topics.running import CHANGE

log = structlog.get_logger(__name__)

MARKS = "topics"
"""The key in a stored post's analysis."""
_TURN = 100
"""Posts held against a model in one go: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class _Active:
    number: int
    monitor: str | None
    model: TopicModel


class TopicMarks:
    """Follows the active versions, and marks posts before they are stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mark: tuple[int, int] | None = None
        self._active: tuple[_Active, ...] = ()

    async def refresh(self) -> bool:
        """Look whether other versions are active; answers whether there was something new.

        A version whose weights cannot be read is logged and passed over.
        """
        async with self._database.read() as connection:
            current = await mark(connection, CHANGE)
            if current == self._mark:
                return False
            active = []
            for version in await repository.active(connection):
                try:
                    model = await repository.model(connection, version.number)
                except BadTopicModel as error:
                    log.warning("topics.unreadable", version=version.number, reason=str(error))
                    continue
                if model is not None:
                    active.append(_Active(version.number, version.monitor, model))
        self._active, self._mark = tuple(active), current
        return True

    async def mark(self, posts: Mapping[str, StoredPost]) -> dict[str, StoredPost]:
        """The posts with their topics: of each active version of all posts, and of each of one of
        the post's monitors. Without active versions they stay as they are."""
        await self.refresh()
        marked = dict(posts)
        for active in self._active:
            of_it = [
                post
                for post in marked.values()
                if post.via != CANARY
                and (active.monitor is None or active.monitor in post.monitors)
            ]
            for start in range(0, len(of_it), _TURN):
                some = of_it[start : start + _TURN]
                found = assign(active.model, [content_words(post.words) for post in some])
                for post, assigned in zip(some, found, strict=True):
                    marked[post.id] = _marked(post, active, assigned)
                await asyncio.sleep(0)
        return marked


def _marked(post: StoredPost, active: _Active, assigned: Assigned) -> StoredPost:
    entry: dict[str, Any] = {
        "monitor": active.monitor,
        "version": active.number,
        "topic": assigned.topic,
        "probability": assigned.probability,
    }
    before = post.analysis.get(MARKS, ())
    return replace(post, analysis={**post.analysis, MARKS: [*before, entry]})
