"""Two systems on the engines at hand: one that was used, one that is empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from service.db import migrate
from tests.conftest import ENGINES
from tests.service.backup.scene import System, opened
from tests.support.clock import SteppingClock
from tests.support.elasticsearch import MISSING, elasticsearch_url

Folders = Callable[[str], Path]
ELASTIC = pytest.param("elasticsearch", marks=pytest.mark.elastic)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Makes a folder by its name."""

    def make(name: str) -> Path:
        (tmp_path / name).mkdir()
        return tmp_path / name

    return make


@pytest.fixture(params=ENGINES)
async def used(
    request: pytest.FixtureRequest, folders: Folders, clock: SteppingClock
) -> AsyncIterator[System]:
    """Migrated, on each engine."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, request.param, folders("used"), clock)
        await migrate.upgrade(system.database)
        await system.store.migrate()
        yield system


@pytest.fixture(params=ENGINES)
async def vacant(
    request: pytest.FixtureRequest, folders: Folders, clock: SteppingClock
) -> AsyncIterator[System]:
    """Not even migrated, on each engine."""
    async with AsyncExitStack() as stack:
        yield await opened(stack, request.param, folders("vacant"), clock)


@pytest.fixture
async def local(folders: Folders, clock: SteppingClock) -> AsyncIterator[System]:
    """Migrated, on SQLite alone."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, "sqlite", folders("local"), clock)
        await migrate.upgrade(system.database)
        await system.store.migrate()
        yield system


@pytest.fixture
async def fresh(folders: Folders, clock: SteppingClock) -> AsyncIterator[System]:
    """Not even migrated, on SQLite alone."""
    async with AsyncExitStack() as stack:
        yield await opened(stack, "sqlite", folders("fresh"), clock)


@pytest.fixture(params=["sqlite", ELASTIC])
async def other_engine(
    request: pytest.FixtureRequest, folders: Folders, clock: SteppingClock
) -> AsyncIterator[System]:
    """Not even migrated, its posts in each engine."""
    if request.param == "elasticsearch" and elasticsearch_url() is None:
        pytest.skip(MISSING)
    async with AsyncExitStack() as stack:
        elastic = request.param == "elasticsearch"
        yield await opened(stack, "sqlite", folders("other"), clock, elastic=elastic)
