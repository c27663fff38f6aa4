"""The console on an application of its own, in virtual time, and people who look at it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from nicegui import Client, app, core, ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.testing.general import nicegui_reset_globals
from nicegui.testing.user import User

from service.api.identity import SESSION_COOKIE
from service.auth import SYSTEM, Passwords, Role, SignIn, Users
from service.bootstrap import Container, build
from service.console import mount_console
from service.console.session import LANGUAGE_COOKIE
from service.settings import load_settings
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene

PASSWORD = "correct-horse-42"
BASE_URL = "https://fengsui.example"


class ConsoleScene(IncidentScene):
    """Incidents, and browsers that look at them. `app` is the application under the console."""

    def __init__(self, container: Container, clock: SteppingClock, application: FastAPI) -> None:
        super().__init__(container.database, clock)
        self.container = container
        self.app = application
        self._open: AsyncExitStack = AsyncExitStack()

    async def person(self, name: str, *roles: Role) -> str:
        """The token of somebody who has signed in and chosen a password of their own."""
        made = await self.container.users.create(SYSTEM, name=name, roles=roles)
        await self.container.sign_in.change_password(made.user.id, old=made.password, new=PASSWORD)
        return await self.container.sessions.start(await self.container.users.get(made.user.id))

    async def http(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A browser without scripts; it follows no redirect by itself."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=BASE_URL, headers=headers
        )
        if token is not None:
            client.cookies.set(SESSION_COOKIE, token)
        return await self._open.enter_async_context(client)

    async def look(self, path: str, token: str, *, language: str = "zh") -> User:
        """A page, opened live by whoever has the token."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(core.app), base_url=BASE_URL)
        client.cookies.set(SESSION_COOKIE, token)
        client.cookies.set(LANGUAGE_COOKIE, language)
        user = User(await self._open.enter_async_context(client))
        await user.open(path)
        return user

    async def close(self) -> None:
        await self._open.aclose()


@asynccontextmanager
async def open_console(
    folder: Path, *, public_url: str = BASE_URL, **environ: str
) -> AsyncIterator[ConsoleScene]:
    """A console over new databases in `folder`; the toolkit is as new afterwards."""
    clock = SteppingClock()
    settings = load_settings(
        {"FENGSUI_DATA_DIR": str(folder), "FENGSUI_PUBLIC_URL": public_url, **environ}
    )
    container = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    container = replace(
        container,
        passwords=passwords,
        users=Users(container.database, clock, passwords),
        sign_in=SignIn(container.database, clock, passwords),
    )
    application = FastAPI()
    try:
        with nicegui_reset_globals():
            mount_console(application, container)
            scene = ConsoleScene(container, clock, application)
            async with application.router.lifespan_context(application):
                yield scene
                await scene.close()
            # The toolkit would unload every module that has pages, ours among them.
            Client.page_routes.clear()
    finally:
        ui.navigate, ui.notify, ui.download = Navigate(), notify, download
        app.middleware_stack = None
        await container.close()
        gc.collect()
