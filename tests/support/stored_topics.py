"""Stored posts of three themes, with moods, and the parts that fit topics on them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.auth import SYSTEM, KeyRing
from service.db import Database
from service.monitors import MonitorDraft, Monitors
from service.stores.post_store import PostStore, StoredPost
from service.topics import (
    FitRequest,
    FitRunner,
    TopicDesk,
    TopicMarks,
    TopicReadings,
    TopicVersion,
)
from tests.support.clock import SteppingClock
from tests.support.stored_posts import stored_post
from tests.support.topic_scene import FOOD, theme_posts

LATER = datetime(2026, 3, 5, tzinfo=UTC)
"""After all of the posts."""


def themed_posts(
    *themes: tuple[str, ...], each: int = 40, seed: int = 1, start: int = 1, **changes: Any
) -> list[StoredPost]:
    """A stored post of each theme in turn, a minute apart; food makes people angry."""
    found = []
    for number, post in enumerate(theme_posts(*themes, each=each, seed=seed), start=start):
        angry = post.words[0] in FOOD
        mood = {
            "author": post.author,
            "sentiment": "negative" if angry else "neutral",
            "analysis": {"emotion": {"label": "angry" if angry else "neutral", "scores": {}}},
        }
        mood |= {"text": " ".join(post.words), "words": post.words}
        found.append(stored_post(number, **(mood | changes)))
    return found


class TopicScene:
    """`await scene.fit()` makes a version of what is stored."""

    def __init__(self, database: Database, store: PostStore, clock: SteppingClock) -> None:
        self.database = database
        self.store = store
        self.clock = clock
        ring = KeyRing.from_secret("a secret of at least thirty-two characters")
        self.monitors = Monitors(database, clock, ring)
        self.desk = TopicDesk(database=database, clock=clock, monitors=self.monitors)
        self.runner = FitRunner(database=database, store=store, clock=clock)
        self.readings = TopicReadings(database=database, store=store)
        self.marks = TopicMarks(database)

    async def monitor(self, name: str) -> None:
        await self.monitors.put(SYSTEM, MonitorDraft(id=name, name=name, query=name))

    async def fit(self, **asked: Any) -> TopicVersion:
        """Ask for a fit of three topics, unless told otherwise, and do it."""
        request = FitRequest(**({"topics": 3} | asked))
        return await self.runner.run(await self.desk.ask(SYSTEM, request))
