"""Fixtures that most tests of the service share."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.dependencies import models as fastapi_models
from hypothesis import settings

from tests.support.named_failures import NamedAtOnce

# The contract suites are no test modules by name, yet their failures should explain.
pytest.register_assert_rewrite("tests.contracts")

from service.db import Database  # noqa: E402 - after the line above, as it must be
from tests.support.clock import SteppingClock  # noqa: E402
from tests.support.database import (  # noqa: E402
    POSTGRES_VARIABLE,
    drop_spare,
    open_database,
    postgres_url,
)

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
ENGINES = ["sqlite", POSTGRES] if postgres_url() else ["sqlite"]


# Tests are not timed; the first example of one may have a dictionary to read.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROUTE_CACHES = [
    cached for cached in vars(fastapi_models).values() if hasattr(cached, "cache_clear")
]


def pytest_configure(config: pytest.Config) -> None:
    """Only where reports are gathered, not in each process that runs tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(NamedAtOnce(config))


def pytest_report_header() -> str:
    """Say once which engines are tested, rather than skip a test at a time."""
    if postgres_url():
        return "state database: SQLite and PostgreSQL"
    return f"state database: SQLite only; set {POSTGRES_VARIABLE} to test PostgreSQL too"


def pytest_collection_finish() -> None:
    """Ten thousand tests and the libraries live as long as the process: garbage is looked for among
    what comes after them, which a page's test does three times."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What was kept for the next test goes with the last."""
    asyncio.run(drop_spare())


@pytest.fixture(autouse=True)
def forget_routes() -> Iterator[None]:
    """FastAPI remembers the functions of routes, and through them applications of tests gone by:
    forty megabytes each."""
    yield
    for cached in ROUTE_CACHES:
        cached.cache_clear()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, and `postgres` where a server is at hand."""
    name: str = request.param
    return name


@pytest.fixture
async def database(engine_name: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A state database with all its tables, on each engine."""
    async with open_database(engine_name, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """The same on SQLite alone, for tests of logic that no engine changes."""
    async with open_database("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
async def empty_database(engine_name: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A state database without a single table, on each engine."""
    async with open_database(engine_name, tmp_path, tables=False) as opened:
        yield opened


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()
