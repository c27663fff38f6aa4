"""Topics over a post store with three themes in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.ingest_scene import open_posts
from tests.support.stored_topics import LATER, TopicScene, themed_posts


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(LATER)


@pytest.fixture
async def scene(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> AsyncIterator[TopicScene]:
    async with open_posts(tmp_path) as store:
        await store.upsert(themed_posts())
        yield TopicScene(database, store, clock)
