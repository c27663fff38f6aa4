"""A scene on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.statement_scene import StatementScene


@pytest.fixture
def scene(database: Database, clock: SteppingClock, tmp_path: Path) -> StatementScene:
    return StatementScene(database, clock, tmp_path)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> StatementScene:
    """On SQLite alone, for logic that no engine changes."""
    return StatementScene(sqlite_database, clock, tmp_path)
