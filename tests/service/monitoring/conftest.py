"""A watched brand in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.stores.post_store import PostStore
from tests.support.clock import SteppingClock
from tests.support.ingest_scene import open_posts
from tests.support.watch_scene import WatchScene, open_watch


@pytest.fixture
async def posts(tmp_path: Path) -> AsyncIterator[PostStore]:
    async with open_posts(tmp_path) as store:
        yield store


@pytest.fixture
async def watch(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[WatchScene]:
    async with open_watch(tmp_path, clock) as scene:
        yield scene
