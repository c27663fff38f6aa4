"""The console on an application of its own, in virtual time, and people who look at it."""

from __future__ import annotations

import asyncio
import gc
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from nicegui import Client, app, core, ui
from nicegui.awaitable_response import AwaitableResponse
from nicegui.elements.mixins.text_element import TextElement
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.testing.general import nicegui_reset_globals
from nicegui.testing.user import User
from nicegui.testing.user_interaction import UserInteraction

from service.api.identity import SESSION_COOKIE
from service.auth import SYSTEM, Passwords, Role, SignIn, Users
from service.bootstrap import Container, build
from service.console import mount_console
from service.console.session import LANGUAGE_COOKIE
from service.delivery import Deliverer, Router
from service.jobs import advance
from service.monitors import ChannelDraft
from service.settings import load_settings
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene

ElementT = TypeVar("ElementT", bound=ui.element)

PASSWORD = "correct-horse-42"
BASE_URL = "https://fengsui.example"


class AnyStatus(httpx.ASGITransport):
    """Hands on pages that say no as well, which the toolkit's own user takes for a failure."""

    status = 200
    """Of the latest answer."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        self.status = response.status_code
        if "x-nicegui-content" in response.headers:
            response.status_code = 200
        return response


class Viewer:
    """Somebody at an open page, which was answered with `status`."""

    def __init__(self, user: User, status: int = 200) -> None:
        self.user = user
        self.status = status
        self.scripts: list[str] = []
        """Scripts that the page was sent after it had been drawn."""
        client = user.client
        assert client is not None
        run = client.run_javascript

        def note(code: str, *, timeout: float = 1.0) -> AwaitableResponse:
            self.scripts.append(code)
            return run(code, timeout=timeout)

        client.run_javascript = note  # type: ignore[method-assign]

    @property
    def elements(self) -> list[ui.element]:
        assert self.user.client is not None
        return sorted(self.user.client.elements.values(), key=lambda element: element.id)

    @property
    def texts(self) -> list[str]:
        """Every text of the page, in the order in which it was drawn."""
        return [item.text for item in self.elements if isinstance(item, TextElement) and item.text]

    @property
    def keys(self) -> list[str]:
        """What can be pressed or followed, by its key."""
        return [str(item.props["data-key"]) for item in self.elements if "data-key" in item.props]

    @property
    def told(self) -> list[str]:
        """The notes that popped up."""
        return list(self.user.notify.messages)

    def of(self, kind: type[ElementT]) -> list[ElementT]:
        return [item for item in self.elements if isinstance(item, kind)]

    def press(self, key: str) -> None:
        """Press the button of a key; what it does goes on in the background."""
        self._click(next(item for item in self.elements if item.props.get("data-key") == key))

    def answer(self, label: str) -> None:
        """Press the button of the open dialog that says `label`."""
        dialog = self.of(ui.dialog)[-1]
        for item in dialog.descendants():
            above = item.parent_slot.parent if item.parent_slot else None
            said = isinstance(item, TextElement) and item.text == label
            if said and above is not None and above.tag == "button":
                self._click(above)
                return
        raise AssertionError(f"the dialog has no button {label!r}")

    def send(self, form: str, **values: str | bool | list[str]) -> None:
        """Send the form of that name, as the browser does: every value at once."""
        self._fire("data-form", form, "submit", values)

    def pause(self, form: str, **values: str | bool | list[str]) -> None:
        """Pause in typing into the form of that name, as the browser tells it."""
        self._fire("data-form", form, "input", values)

    def give(self, key: str, **values: str | bool | list[str]) -> None:
        """Press the button of a key that sends along what its form holds."""
        self._fire("data-key", key, "click", values)

    def pick(self, listing: str = "list", **chosen: str | list[str]) -> None:
        """Set the filters of a listing."""
        self._fire("data-sieve", listing, "change", chosen)

    def refused(self, path: str) -> str:
        """What is said to be wrong with the field of that path; empty where nothing is."""
        for item in self.elements:
            if item.props.get("data-error") == path and isinstance(item, TextElement):
                return item.text
        return ""

    def _fire(self, attribute: str, name: str, kind: str, sent: object) -> None:
        (element,) = (item for item in self.elements if item.props.get(attribute) == name)
        for listener in element._event_listeners.values():
            if listener.type == kind:
                with element.client:
                    element._handle_event({"listener_id": listener.id, "args": sent})

    def _click(self, element: ui.element) -> None:
        UserInteraction(self.user, {element}, None).trigger("click")

    async def until(self, seen: Callable[[], object]) -> None:
        """Wait, ten seconds at most, until something is so."""
        for _ in range(500):
            if seen():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not seen in time; on the page: {self.texts}")


class ConsoleScene(IncidentScene):
    """Incidents, and browsers that look at them. `app` is the application under the console."""

    def __init__(self, container: Container, clock: SteppingClock, application: FastAPI) -> None:
        super().__init__(container.database, clock)
        self.container = container
        self.admin = SYSTEM
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

    async def look(self, path: str, token: str, *, language: str = "zh") -> Viewer:
        """A page, opened live by whoever has the token."""
        transport = AnyStatus(core.app)
        client = httpx.AsyncClient(transport=transport, base_url=BASE_URL)
        client.cookies.set(SESSION_COOKIE, token)
        client.cookies.set(LANGUAGE_COOKIE, language)
        user = User(await self._open.enter_async_context(client))
        await user.open(path)
        return Viewer(user, transport.status)

    async def deliver(self, channel: ChannelDraft) -> None:
        """Send what is in the outbox to a channel that is made for it."""
        await self.container.channels.put(SYSTEM, channel)
        jobs = [job for job in self.container.line if isinstance(job, Router | Deliverer)]
        await advance(self.clock, jobs, self.clock.now() + timedelta(seconds=5))

    async def close(self) -> None:
        await self._open.aclose()


class _SeldomSwept:
    """Garbage collection as the toolkit's reset and start have it, twice and once a test: among
    millions of objects that took 0.7 of the test of a page. The interpreter sweeps by itself."""

    EVERY = 100

    def __init__(self) -> None:
        self._asked = 0

    def collect(self) -> int:
        self._asked += 1
        return gc.collect() if self._asked % self.EVERY == 0 else 0

    def get_objects(self) -> list[object]:
        """None of them is the server that the toolkit looks for: a test stops its own."""
        return []


for _name in ("nicegui.testing.general", "nicegui.ui_run_with"):
    vars(importlib.import_module(_name))["gc"] = _SeldomSwept()


def _real_toolkit() -> None:
    """A simulated user puts its own in place of these, whenever anything looks at it: so does the
    toolkit's start, which asks every object that is still there whether it is a server."""
    ui.navigate, ui.notify, ui.download = Navigate(), notify, download


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
                _real_toolkit()
                yield scene
                await scene.close()
                # What is drawn anew holds its page, and so this container, until the page goes.
                for page in list(Client.instances.values()):
                    page.delete()
            # The toolkit would unload every module that has pages, ours among them.
            Client.page_routes.clear()
    finally:
        _real_toolkit()
        app.middleware_stack = None
        await container.close()
