"""A scene on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.oncall_scene import OncallScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock, tmp_path: Path) -> OncallScene:
    return OncallScene(database, clock, tmp_path)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> OncallScene:
    """On SQLite alone, for logic that no engine changes."""
    return OncallScene(sqlite_database, clock, tmp_path)
