"""The way into the store, with a monitor for tea."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.db import Database
from service.stores.post_store import PostStore
from tests.support.clock import SteppingClock
from tests.support.ingest_scene import IngestScene, open_posts


@pytest.fixture
async def posts(tmp_path: Path) -> AsyncIterator[PostStore]:
    async with open_posts(tmp_path) as store:
        yield store


@pytest.fixture
async def scene(sqlite_database: Database, clock: SteppingClock, posts: PostStore) -> IngestScene:
    made = IngestScene(sqlite_database, clock, posts)
    await made.monitor("tea", "澄屿 | 青柚茶")
    return made
