"""The stories over a state database of each engine and an embedded post store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.db import Database
from service.stores.post_store import PostStore
from tests.service.stories.scene import StoryScene
from tests.support.clock import SteppingClock
from tests.support.ingest_scene import open_posts


@pytest.fixture
async def posts(tmp_path: Path) -> AsyncIterator[PostStore]:
    async with open_posts(tmp_path) as store:
        yield store


@pytest.fixture
async def scene(
    database: Database, clock: SteppingClock, posts: PostStore
) -> AsyncIterator[StoryScene]:
    made = StoryScene(database, clock, posts)
    yield made
    await made.close()
