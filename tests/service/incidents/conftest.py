"""A scene on each engine."""

from __future__ import annotations

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> IncidentScene:
    return IncidentScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> IncidentScene:
    """On SQLite alone, for logic that no engine changes."""
    return IncidentScene(sqlite_database, clock)
