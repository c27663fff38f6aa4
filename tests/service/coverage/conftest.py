"""A scene of feeds, on each engine and on SQLite alone."""

from __future__ import annotations

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.coverage_scene import CoverageScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> CoverageScene:
    return CoverageScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> CoverageScene:
    return CoverageScene(sqlite_database, clock)
