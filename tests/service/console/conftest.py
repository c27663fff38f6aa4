"""The console over a real container on temporary files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.console_scene import ConsoleScene, open_console


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[ConsoleScene]:
    async with open_console(tmp_path) as opened:
        yield opened
