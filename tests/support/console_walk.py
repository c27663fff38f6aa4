"""A served console and somebody with a real browser at it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, Dialog, Error, Page, async_playwright, expect

from service.api.identity import SESSION_COOKIE
from service.auth import Role
from service.console.session import LANGUAGE_COOKIE, THEME_COOKIE
from tests.support.console_scene import ConsoleScene, open_console

_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _BROWSERS)), None)
"""The one without windows first: it draws the same, and spares the pages of the browser itself."""
DESK = (1440, 900)
PHONE = (390, 844)
SHOTS = "FENGSUI_TEST_SHOTS"
"""Where pictures go; without it they are not kept."""

# A look at the page is repeated until then: five seconds, the usual, are few on a slow machine.
expect.set_options(timeout=20_000)

_AXE = resources.files("axe_playwright_python").joinpath("axe.min.js")
_GRAVE = frozenset({"serious", "critical"})
_CONNECTED = "window.fengsui?.connected?.() === true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A window on a served console. `asked` is every address that it asked for, `errors` what it
    complained of, `dialogs` what popped up by itself."""

    scene: ConsoleScene
    page: Page
    base: str
    shots: Path
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Begin to note what the window does."""

        async def dismiss(dialog: Dialog) -> None:
            self.dialogs.append(dialog.message)
            await dialog.dismiss()

        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.page.on("dialog", dismiss)

    async def sign_in(self, name: str, *roles: Role) -> str:
        """Be somebody who has signed in; answers their token."""
        token = await self.scene.person(name, *roles)
        await self._cookie(SESSION_COOKIE, token)
        return token

    async def sign_out(self) -> None:
        """Forget who one is; the session itself goes on."""
        await self.page.context.clear_cookies(name=SESSION_COOKIE)

    async def taste(self, *, language: str = "zh", theme: str = "light") -> None:
        """From the next page on."""
        await self._cookie(LANGUAGE_COOKIE, language)
        await self._cookie(THEME_COOKIE, theme)

    async def go(self, path: str) -> None:
        """Open a page and wait until it is live."""
        await self.page.goto(f"{self.base}/console{path}")
        await self.page.wait_for_function(_CONNECTED)

    async def accessible(self) -> None:
        """Fails on every serious or critical finding of axe-core, and unless there is one h1."""
        try:
            found = await self._findings()
        except Error:
            # The page loaded itself anew, as one does when what it waited for is done.
            await self.page.wait_for_function(_CONNECTED)
            found = await self._findings()
        grave = [
            f"{item['id']}: {item['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in item["nodes"][:4])
            for item in found["violations"]
            if item["impact"] in _GRAVE
        ]
        assert grave == [], "\n".join([self.page.url, *grave])
        heads = await self.page.locator("h1").count()
        assert heads == 1, f"{self.page.url} has {heads} h1"

    async def calm(self) -> None:
        """Fails where something ran, popped up, was asked of others, or sticks out sideways."""
        where = self.page.url
        owned = await self.page.evaluate(
            "window.owned === undefined && window.__owned === undefined"
        )
        assert owned, f"{where}: what a stranger wrote was run"
        assert self.dialogs == [], where
        foreign = [url for url in self.asked if not url.startswith((self.base, "data:", "blob:"))]
        assert foreign == [], where
        assert self.errors == [], f"{where}: {self.errors}"
        width = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{where} sticks out by {width} px: {await self._widest()}"

    async def shot(self, name: str, *, whole: bool = False) -> Path:
        """A picture of the window (or the whole page) as `name.png`; answers where it is."""
        path = self.shots / f"{name}.png"
        await self.page.screenshot(path=path, full_page=whole)
        return path

    async def _findings(self) -> dict[str, Any]:
        """What axe-core says of the page as it stands."""
        await self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = await self.page.evaluate(
            # Its own fetching of style sheets would bring the toolkit's loading bar onto the page.
            "axe.run(document, {resultTypes: ['violations'], preload: false})"
        )
        return found

    async def _widest(self) -> list[str]:
        """What sticks out farthest, for whoever reads the failure."""
        found: list[str] = await self.page.evaluate(
            "[...document.querySelectorAll('main *')]"
            ".map(e => [e.getBoundingClientRect().right, e])"
            ".filter(([right]) => right > innerWidth).sort((a, b) => b[0] - a[0]).slice(0, 5)"
            ".map(([right, e]) => `${Math.round(right)} ${e.tagName}.${e.className}`)"
        )
        return found

    async def _cookie(self, name: str, value: str) -> None:
        await self.page.context.add_cookies([{"name": name, "value": value, "url": self.base}])


@asynccontextmanager
async def served(scene: ConsoleScene, listener: socket.socket) -> AsyncIterator[None]:
    """Serve the scene's application on a listening socket."""
    server = uvicorn.Server(uvicorn.Config(scene.app, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await running


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without windows. Starting one takes longer than most walks: they share it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def open_walk(
    browser: Browser,
    folder: Path,
    *,
    size: tuple[int, int] = DESK,
    phone: bool = False,
    language: str = "zh",
    theme: str = "light",
    **environ: str,
) -> AsyncIterator[Walk]:
    """A console over new databases in `folder`, served on loopback, and a window on it.

    `environ` are further settings of the service. What else was opened in the browser is closed
    with it.
    """
    shots = Path(os.environ.get(SHOTS) or folder)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with (
            open_console(folder, public_url=base, **environ) as scene,
            served(scene, listener),
        ):
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale="zh-CN" if language == "zh" else "en-US",
                timezone_id="Asia/Shanghai",
                has_touch=phone,
                is_mobile=phone,
            )
            walk = Walk(scene=scene, page=await context.new_page(), base=base, shots=shots)
            walk.listen()
            await walk.taste(language=language, theme=theme)
            try:
                yield walk
            finally:
                for opened in browser.contexts:
                    await opened.close()
