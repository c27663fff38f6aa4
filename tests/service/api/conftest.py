"""The real application over temporary databases, and callers of every role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service.api import mount_api
from service.auth import Role
from service.bootstrap import Container, build
from service.settings import load_settings
from tests.service.api.caller import client_as
from tests.support.clock import SteppingClock


@pytest.fixture
async def container(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[Container]:
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(tmp_path),
            "FENGSUI_SECRET_KEY": "api-test-" * 6,
            "FENGSUI_WORKER_ID": "test",
            "FENGSUI_MAX_BODY_BYTES": "200000",
        }
    )
    built = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        yield built
    finally:
        await built.close()


@pytest.fixture
def app(container: Container) -> FastAPI:
    made = FastAPI(title="Fengsui", docs_url=None, redoc_url=None)
    mount_api(made, container)
    return made


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without any key, from far away."""
    transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://fengsui.test") as client:
        yield client


@pytest.fixture
async def everyone(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    """A caller whose key has every role."""
    async with await client_as(app, container, *Role) as client:
        yield client
