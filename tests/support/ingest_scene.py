"""The way into the post store with its real parts, on temporary files, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from crawlers import Post
from nlp import Analyzer, load_analyzer, normalize, search_phrases
from service.auth import SYSTEM, Handles, KeyRing
from service.db import Database
from service.ingest import Deletions, Ingest, IngestReport
from service.ingest.gate import StoreGate
from service.ingest.pipeline import Analyses, AtRisk, ComplaintWatch, StoryIntake
from service.ingest.pseudonyms import HandlePseudonyms
from service.moderation import Inline
from service.monitors import (
    BrandDirectory,
    BrandDraft,
    BrandKind,
    Brands,
    MonitorDirectory,
    MonitorDraft,
    Monitors,
)
from service.stores.post_store import PostStore, StoredPost
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import SteppingClock

POSTS = "posts.db"


@cache
def shipped_analyzer() -> Analyzer:
    """The analyser that ships, by words alone, loaded once for all tests."""
    return load_analyzer(("澄屿", "青柚茶"), backends=())


@asynccontextmanager
async def open_posts(folder: Path) -> AsyncIterator[PostStore]:
    """The embedded store on a new file in `folder`."""
    store = SqlitePostStore(
        folder / POSTS,
        query_phrases=lambda text: search_phrases(normalize(text).text),
        durable=False,
        inline=True,
    )
    await store.migrate()
    try:
        yield store
    finally:
        await store.close()


class BrokenStore:
    """Stands before a store and refuses to write as often as it is told to."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self.refusals = 0
        self.error: Exception = OSError("no space left on device")
        self.tried = 0

    async def upsert(self, posts: Any) -> Any:
        self.tried += 1
        if self.refusals:
            self.refusals -= 1
            raise self.error
        return await self._store.upsert(posts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class RecordingRisks:
    """Keeps what ingest found of people at risk."""

    def __init__(self) -> None:
        self.found: list[AtRisk] = []
        self.refusals = 0

    async def notice(self, found: Sequence[AtRisk]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("the state database is away")
        self.found += found


class IngestScene:
    """Posts by the shortest way: `await scene.put(scene.post(1, "…"))`, then `scene.stored(1)`."""

    def __init__(self, database: Database, clock: SteppingClock, store: PostStore) -> None:
        self.database = database
        self.clock = clock
        self.store = store
        self.ring = KeyRing.from_secret("a secret of at least thirty-two characters")
        self.brands = Brands(database, clock, self.ring)
        self.monitors = Monitors(database, clock, self.ring)
        self.directory = MonitorDirectory(database, self.monitors)
        self.brand_directory = BrandDirectory(database, self.brands)
        self.handles = Handles(database, clock, self.ring)
        self.pseudonyms = self.fresh_pseudonyms()
        self.risks = RecordingRisks()
        self.gate = StoreGate(store=store, database=database, clock=clock)
        self.ingest = self.over(store)
        self.deletions = Deletions(database=database, store=store, clock=clock, gate=self.gate)

    def fresh_pseudonyms(self) -> HandlePseudonyms:
        """As another process would have them: remembering nothing."""
        return HandlePseudonyms(database=self.database, keyring=self.ring, handles=self.handles)

    def over(
        self,
        store: Any,
        *,
        reader: Analyses | None = None,
        stories: StoryIntake | None = None,
        complaints: ComplaintWatch | None = None,
    ) -> Ingest:
        """The same way in over another store, or with another reader of texts."""
        return Ingest(
            reader=reader or Inline(shipped_analyzer()),
            monitors=self.directory,
            brands=self.brand_directory,
            pseudonyms=self.pseudonyms,
            store=store,
            clock=self.clock,
            risk_watch=self.risks,
            gate=self.gate,
            stories=stories,
            complaints=complaints,
        )

    async def monitor(self, name: str, query: str, *, brand: bool = False) -> None:
        """Make or change a monitor, of a brand of the same name if `brand`."""
        if brand:
            await self.brands.put(SYSTEM, BrandDraft(id=name, name=name))
        draft = MonitorDraft(id=name, name=name, query=query, brand_id=name if brand else None)
        await self.monitors.put(SYSTEM, draft)

    async def rivals(self) -> None:
        """Two makers of cars, 极川 (ours) and 云帆, with a monitor each: `jichuan` and `yunfan`."""
        for name, word, kind in (
            ("jichuan", "极川", BrandKind.OWN),
            ("yunfan", "云帆", BrandKind.COMPETITOR),
        ):
            brand = BrandDraft(id=name, name=f"{word}汽车", kind=kind, aliases=(word,))
            await self.brands.put(SYSTEM, brand)
            monitor = MonitorDraft(id=name, name=word, query=word, brand_id=name)
            await self.monitors.put(SYSTEM, monitor)

    def post(self, number: int | str, text: str, **changes: Any) -> Post:
        """Post `number` of the source `weibo`, half a minute old."""
        post = Post(
            source="weibo",
            native_id=str(number),
            published_at=self.clock.now() - timedelta(seconds=30),
            text=text,
        )
        return replace(post, **changes)

    async def put(self, *posts: Post) -> IngestReport:
        """Ingest one batch."""
        return await self.ingest.ingest(posts, via="push")

    async def stored(self, post: Post) -> StoredPost:
        found = await self.store.get(post.id)
        assert found is not None
        return found
