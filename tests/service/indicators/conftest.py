"""One scene for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.db import Database
from tests.support.indicator_scene import IndicatorScene, indicator_scene


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> AsyncIterator[IndicatorScene]:
    async with indicator_scene(database, tmp_path) as opened:
        yield opened
