"""Pictures of every page of the console over the demo installation.

    python -m bench.console_pictures --out DIR [--place queue ...] [--language zh en]
        [--theme light dark] [--phone]

Both languages and both themes at 1440 × 900 (390 × 844 with --phone), one PNG each, named
`place[-deeper]-language-theme.png`. The demo is replayed once into DIR/.demo and used again; delete
that folder for a fresh one. Needs Chromium. A page that answers with an error is named, and the
command ends with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.async_api import BrowserContext, Page, async_playwright

from service.api.identity import SESSION_COOKIE
from service.app import create_app
from service.auth import SYSTEM, Role
from service.bootstrap import Container, build
from service.clock import SystemClock
from service.console.pages import PLACES
from service.console.places import Place
from service.console.session import LANGUAGE_COOKIE, THEME_COOKIE
from service.settings import load_settings

_DESK, _PHONE = (1440, 900), (390, 844)
_PHOTOGRAPHER = "demo-photographer"
_PASSWORD = "a-lens-for-the-demo-1"
_PATIENCE_MS = 120_000
_SETTLED_MS = 700
"""Charts and countdowns are drawn a moment after the page is live."""


@dataclass(slots=True)
class Taken:
    """What came of it."""

    pictures: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def main() -> int:
    """Take the pictures; 1 where a page answered with an error."""
    parser = argparse.ArgumentParser(description="Pictures of the console.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--place", nargs="*", default=[], help="names of places; all unless told")
    parser.add_argument("--language", nargs="*", default=["zh", "en"])
    parser.add_argument("--theme", nargs="*", default=["light", "dark"])
    parser.add_argument("--phone", action="store_true")
    asked = parser.parse_args()
    known = {place.name for place in PLACES}
    unknown = sorted(set(asked.place) - known)
    if unknown:
        parser.error(f"no place {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    asked.out.mkdir(parents=True, exist_ok=True)
    taken = asyncio.run(_take(asked))
    print(f"{len(taken.pictures)} pictures in {asked.out}")
    for name in taken.unseen:
        print(f"the demo has nothing to show at {name}")
    for failure in taken.failed:
        print(failure)
    return 1 if taken.failed else 0


async def _take(asked: argparse.Namespace) -> Taken:
    data = _demo(asked.out / ".demo")
    wanted = [place for place in PLACES if not asked.place or place.name in asked.place]
    taken = Taken()
    async with _served(data) as (base, token), async_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        width, height = _PHONE if asked.phone else _DESK
        context = await browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(_PATIENCE_MS)
        page = await context.new_page()
        await _cookies(context, base, {SESSION_COOKIE: token, LANGUAGE_COOKIE: "zh"})
        addresses = await _addresses(page, base, wanted, taken)
        for language in asked.language:
            for theme in asked.theme:
                chosen = {LANGUAGE_COOKIE: language, THEME_COOKIE: theme}
                await _cookies(context, base, chosen)
                suffix = f"{language}-{theme}{'-phone' if asked.phone else ''}"
                for name, address in addresses.items():
                    target = asked.out / f"{name}-{suffix}.png"
                    await _shoot(page, base + address, target, taken)
        await browser.close()
    return taken


def _demo(folder: Path) -> Path:
    """The data folder of a replayed demo, made where there is none."""
    data, whole = folder / "demo", folder / "replayed"
    # A replay that was broken off leaves a state too, of half a story.
    if not whole.exists():
        print("replaying the demo, once ...", flush=True)
        environ = {**os.environ, "FENGSUI_DATA_DIR": str(folder)}
        command = [sys.executable, "-m", "service", "demo", "--once"]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
        whole.touch()
    # The demo may have been replayed by an older version.
    environ = {**os.environ, "FENGSUI_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "service", "migrate"]
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    return data


@asynccontextmanager
async def _served(data: Path) -> AsyncIterator[tuple[str, str]]:
    """Serve the demo on loopback, without its jobs; answers the address and a session."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = load_settings(
            {
                "FENGSUI_DATA_DIR": str(data),
                "FENGSUI_DATABASE_URL": f"sqlite:///{data / 'state.db'}",
                "FENGSUI_POSTS_PATH": str(data / "posts.db"),
                "FENGSUI_PUBLIC_URL": base,
            }
        )
        container = await build(settings, clock=SystemClock())
        server = uvicorn.Server(uvicorn.Config(create_app(container), log_config=None))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield base, await _session(container)
        finally:
            server.should_exit = server.force_exit = True
            await running
            await container.close()


async def _session(container: Container) -> str:
    """A session of somebody with every role of a person."""
    roles = [role for role in Role if role is not Role.CLASSIFIER]
    found = await container.users.find(_PHOTOGRAPHER)
    if found is None:
        made = await container.users.create(SYSTEM, name=_PHOTOGRAPHER, roles=roles)
        await container.sign_in.change_password(made.user.id, old=made.password, new=_PASSWORD)
        found = await container.users.get(made.user.id)
    return await container.sessions.start(found)


async def _addresses(
    page: Page, base: str, wanted: Iterable[Place], taken: Taken
) -> dict[str, str]:
    """Where to point the camera: the place itself, and the first of each of its deeper pages that
    some page links to."""
    linked: list[str] = []
    for place in PLACES:
        if "{" not in place.path:
            await page.goto(f"{base}/console{place.path}")
            await _settle(page)
            hrefs = "[...document.querySelectorAll('main a[href]')].map(it => it.pathname)"
            linked += await page.evaluate(hrefs)
    found: dict[str, str] = {}
    for place in wanted:
        for depth, path in enumerate(place.paths):
            name = place.name if not depth else f"{place.name}-{depth}"
            if "{" not in path:
                found[name] = f"/console{path}"
                continue
            shape = re.compile("/console" + re.sub(r"\{\w+\}", "[^/]+", path))
            address = next((href for href in linked if shape.fullmatch(href)), None)
            if address is None:
                taken.unseen.append(path)
            else:
                found[name] = address
    return found


async def _shoot(page: Page, address: str, target: Path, taken: Taken) -> None:
    answer = await page.goto(address)
    if answer is None or answer.status >= 400:
        taken.failed.append(f"{address}: {answer.status if answer else 'no answer'}")
    await _settle(page)
    await page.screenshot(path=target)
    taken.pictures.append(target)


async def _settle(page: Page) -> None:
    await page.wait_for_function("window.fengsui?.connected?.() === true")
    await page.wait_for_timeout(_SETTLED_MS)


async def _cookies(context: BrowserContext, base: str, cookies: dict[str, str]) -> None:
    for name, value in cookies.items():
        await context.add_cookies([{"name": name, "value": value, "url": base}])


if __name__ == "__main__":
    sys.exit(main())
