"""The real application over temporary databases, and callers of every role.

One installation a module: putting it together takes most of a second. Tests use ids of their own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.api import mount_api
from service.auth import Role
from service.bootstrap import Container, build
from service.settings import load_settings
from tests.service.api.caller import client_as, client_of
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock


@pytest.fixture(scope="module")
def clock() -> SteppingClock:
    return SteppingClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(
    tmp_path_factory: pytest.TempPathFactory, clock: SteppingClock
) -> AsyncIterator[Container]:
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(tmp_path_factory.mktemp("api")),
            "FENGSUI_SECRET_KEY": "api-test-" * 6,
            "FENGSUI_WORKER_ID": "test",
            "FENGSUI_MAX_BODY_BYTES": "1000000",
        }
    )
    built = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        yield built
    finally:
        await built.close()


@pytest.fixture(scope="module")
def app(container: Container) -> FastAPI:
    made = FastAPI(title="Fengsui", version="1.2.3", docs_url=None, redoc_url=None)
    mount_api(made, container)
    return made


@pytest_asyncio.fixture(loop_scope="module")
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without any key, from far away."""
    async with client_of(app) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    """A caller whose key has every role."""
    async with await client_as(app, container, *Role) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def viewer(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    """A caller who may only look."""
    async with await client_as(app, container, Role.VIEWER) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def incident(container: Container, clock: SteppingClock) -> str:
    """The id of a crisis that has just opened."""
    return await open_crisis(container, clock)
