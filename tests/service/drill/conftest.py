"""One installation a module; each test leaves no drill behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.drill_scene import DrillScene, open_drills


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DrillScene]:
    async with open_drills(tmp_path_factory.mktemp("drill")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def scene(place: DrillScene) -> AsyncIterator[DrillScene]:
    yield place
    await place.over()
