"""A scene of the learning loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.learning_scene import LearningScene, learning_scene


@pytest.fixture
async def scene(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> AsyncIterator[LearningScene]:
    async with learning_scene(database, clock, tmp_path) as opened:
        yield opened


@pytest.fixture
async def local(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path
) -> AsyncIterator[LearningScene]:
    """On SQLite alone, for logic that no engine changes."""
    async with learning_scene(sqlite_database, clock, tmp_path) as opened:
        yield opened
