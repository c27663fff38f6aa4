"""Stored posts into stories by the shortest way: `await scene.told(scene.glass(1))`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, select

from crawlers import PostKey
from nlp.stories import StoryLimits
from nlp.text import JiebaTokenizer
from service.db import Database
from service.db.leases import Tenure
from service.db.tables import story_inbox, story_post
from service.stores.post_store import PostStore, StoredPost
from service.stories import Embedded, StoryBook, StoryClustering, StoryForgetting, StoryInbox
from service.stories.job import LEASE
from tests.support.clock import SteppingClock
from tests.support.stored_posts import stored_post

LIMITS = StoryLimits(stories=128, posts=500, block=16, review_every=32)
_TOKENIZER = JiebaTokenizer()
GLASS = "青柚茶里喝出玻璃碎片，孩子嘴唇被割破缝了两针"
COUPON = "优惠券用不了还重复扣款，客服拒绝退款给商户"
ENDINGS = ("求扩散", "太气人了", "谁来管管", "已经投诉", "坐等回应", "转给家长们看看", "必须道歉")


class StoryScene:
    """The parts as bootstrap wires them; vectors are directions of subjects."""

    def __init__(self, database: Database, clock: SteppingClock, store: PostStore) -> None:
        self.database = database
        self.clock = clock
        self.store = store
        self.inbox = StoryInbox(database)
        self.book = StoryBook(database, store=store, clock=clock)
        self.forgetting = StoryForgetting(database, store=store, clock=clock)
        self._jobs: list[StoryClustering] = []
        self.job = self.process("one")

    def process(self, owner: str, *, store: PostStore | None = None) -> StoryClustering:
        """The job as another process has it: remembering nothing; maybe with a store of its own."""
        tenure = Tenure(self.database, LEASE, owner=owner, now=self.clock.now)
        job = StoryClustering(
            database=self.database,
            store=store or self.store,
            clock=self.clock,
            tenure=tenure,
            names=self._names,
            limits=LIMITS,
        )
        self._jobs.append(job)
        return job

    async def _names(self) -> Sequence[str]:
        return ("青柚茶", "")

    async def close(self) -> None:
        for job in self._jobs:
            await job.close()

    def post(self, number: int, text: str, **changes: Any) -> StoredPost:
        """Post `number`, that many minutes before now ends."""
        at = self.clock.now() - timedelta(minutes=60 - number)
        values: dict[str, Any] = {
            "id": _id(number),
            "published_at": at,
            "fetched_at": at,
            "stored_at": at,
            "words": tuple(dict.fromkeys(_TOKENIZER.tokens(text))),
            "author": f"au_{number:020x}",
        }
        return stored_post(number, text, **values | changes)

    def glass(self, number: int, **changes: Any) -> StoredPost:
        """A post about glass in a bottle."""
        return self.post(number, f"{GLASS}，{ENDINGS[number % 7]}", **changes)

    def coupon(self, number: int, **changes: Any) -> StoredPost:
        """A post about a coupon."""
        return self.post(number, f"{COUPON}，{ENDINGS[number % 7]}", **changes)

    async def offered(self, *posts: StoredPost) -> int:
        """Stored, and left in the inbox with a vector."""
        await self.store.upsert(posts)
        embedded = [
            Embedded(post=post, vector=_direction(post.text[:8]), space="test") for post in posts
        ]
        return await self.inbox.offer(embedded, now=self.clock.now())

    async def told(self, *posts: StoredPost) -> int:
        """Offered, and placed; answers how many were."""
        await self.offered(*posts)
        return await self.job.run(self.clock.now())

    async def home(self, number: int) -> str | None:
        """The story of post `number`."""
        query = select(story_post.c.story_id).where(story_post.c.post_id == _id(number))
        async with self.database.read() as connection:
            found: str | None = await connection.scalar(query)
        return found

    async def waiting(self) -> int:
        """Posts in the inbox."""
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(story_inbox)) or 0


def _id(number: int) -> str:
    return PostKey("weibo", str(number)).id


def _direction(text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    rng = np.random.default_rng(list(text.encode()))
    return rng.normal(size=64).astype(np.float32)
