"""The scene on every engine, and on SQLite alone for what no engine changes."""

from __future__ import annotations

import pytest

from service.db import Database
from tests.service.delivery.scene import Scene
from tests.support.clock import SteppingClock


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> Scene:
    return Scene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> Scene:
    return Scene(sqlite_database, clock)
