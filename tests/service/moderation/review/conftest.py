"""A scene on each engine."""

from __future__ import annotations

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.review_scene import ReviewScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> ReviewScene:
    return ReviewScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> ReviewScene:
    """On SQLite alone, for logic that no engine changes."""
    return ReviewScene(sqlite_database, clock)
