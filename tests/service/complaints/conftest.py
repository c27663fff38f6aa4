"""A scene on each engine."""

from __future__ import annotations

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.complaint_scene import ComplaintScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> ComplaintScene:
    return ComplaintScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> ComplaintScene:
    """On SQLite alone, for logic that no engine changes."""
    return ComplaintScene(sqlite_database, clock)
