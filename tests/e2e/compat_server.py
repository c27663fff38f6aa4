"""The application on a loopback port, with an encoder that answers every head."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from nlp import load_analyzer
from service.app import create_app
from service.auth import SYSTEM, Role
from service.bootstrap import Container, build
from service.moderation import Inline
from tests.e2e.line import settings_for
from tests.support.clock import SteppingClock
from tests.support.fake_backend import FakeBackend

PER_MINUTE = 30
"""Texts that a key may have judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatServer:
    """Where it listens, and keys for it."""

    base: str
    container: Container

    async def key(self, name: str) -> str:
        """A new key that may classify, with a quota of its own."""
        made = await self.container.keys.create(SYSTEM, name=name, roles=[Role.CLASSIFIER])
        return made.token


@asynccontextmanager
async def compat_server(folder: Path) -> AsyncIterator[CompatServer]:
    """Serves until it is left. 骂 in a text is abuse to its encoder."""
    settings = settings_for(folder, FENGSUI_CLASSIFY_PER_MINUTE=str(PER_MINUTE))
    container = await build(settings, clock=SteppingClock(), virtual=True, random=lambda: 0.5)
    try:
        reader = Inline(load_analyzer(backends=(FakeBackend(longest=512),)))
        app = create_app(dataclasses.replace(container, reader=reader))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
            running = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield CompatServer(
                    base=f"http://127.0.0.1:{listener.getsockname()[1]}", container=container
                )
            finally:
                server.should_exit = server.force_exit = True
                await running
    finally:
        await container.close()
