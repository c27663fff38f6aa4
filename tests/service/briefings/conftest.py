from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.briefing_scene import BriefingScene, open_briefings


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[BriefingScene]:
    async with open_briefings(tmp_path) as opened:
        yield opened
