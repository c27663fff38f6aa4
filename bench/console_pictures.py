"""Pictures of every page of the console over the demo installation.

    python -m bench.console_pictures --out DIR [--place queue ...] [--language zh en]
        [--theme light dark] [--phone]
    python -m bench.console_pictures --docs [--out DIR] [--demo DIR]

Both languages and both themes at 1440 × 900 (390 × 844 with --phone), one PNG each, named
`place[-deeper]-language-theme.png`. With --docs those that the guides show, in 256 colours, into
docs/img. The demo is replayed once into the folder of --demo, is given what a shift leaves behind
(`bench/console_shift.py`), and is used again; delete that folder for a fresh one. Needs Chromium. A
page that answers with an error is named, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
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

import numpy as np
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.console_chosen import ACKNOWLEDGE, DESK, Shot, chosen
from bench.console_shift import acknowledge_link, left_behind
from bench.png_palette import palette_png
from service.api.identity import SESSION_COOKIE
from service.app import create_app
from service.auth import SYSTEM, Role
from service.bootstrap import Container, build
from service.clock import SystemClock
from service.console.pages import PLACES
from service.console.places import Place
from service.console.session import LANGUAGE_COOKIE, THEME_COOKIE
from service.settings import load_settings

_DOCS = Path(__file__).resolve().parents[1] / "docs" / "img"
_PHOTOGRAPHER = "yuan"
_PASSWORD = "a-lens-for-the-demo-1"
_PATIENCE_MS = 120_000
_SETTLED_MS = 700
"""Charts and countdowns are drawn a moment after the page is live."""
_TO_TOP = "(it) => { it.style.scrollMarginTop = '72px'; it.scrollIntoView(true); }"
"""Below the bar, which stays where it is."""
_UNPACK = """
async (whole) => {
  const image = new Image();
  image.src = `data:image/png;base64,${whole}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  let packed = "";
  for (let at = 0; at < data.length; at += 30000) {
    packed += btoa(String.fromCharCode(...data.subarray(at, at + 30000)));
  }
  return [image.width, image.height, packed];
}
"""


@dataclass(slots=True)
class Taken:
    """What came of it."""

    pictures: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def main() -> int:
    """Take the pictures; 1 where a page answered with an error."""
    parser = argparse.ArgumentParser(description="Pictures of the console.")
    parser.add_argument("--out", type=Path, help="where to; docs/img with --docs")
    parser.add_argument("--demo", type=Path, help="folder of the demo; OUT/.demo unless told")
    parser.add_argument("--docs", action="store_true", help="the pictures of the guides")
    parser.add_argument("--place", nargs="*", default=[], help="names of places; all unless told")
    parser.add_argument("--language", nargs="*", default=["zh", "en"])
    parser.add_argument("--theme", nargs="*", default=["light", "dark"])
    parser.add_argument("--phone", action="store_true")
    asked = parser.parse_args()
    known = {place.name for place in PLACES} | {ACKNOWLEDGE}
    unknown = sorted(set(asked.place) - known)
    if unknown:
        parser.error(f"no place {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    if asked.out is None and not asked.docs:
        parser.error("--out says where the pictures go")
    out: Path = asked.out or _DOCS
    out.mkdir(parents=True, exist_ok=True)
    demo = asked.demo or (Path("/tmp/fengsui-pictures") if asked.out is None else out / ".demo")
    taken = asyncio.run(_take(asked, out, demo))
    print(f"{len(taken.pictures)} pictures in {out}")
    for name in taken.unseen:
        print(f"the demo has nothing to show at {name}")
    for failure in taken.failed:
        print(failure)
    return 1 if taken.failed or (asked.docs and taken.unseen) else 0


async def _take(asked: argparse.Namespace, out: Path, demo: Path) -> Taken:
    data = _demo(demo)
    taken = Taken()
    async with _served(data) as (base, container), async_playwright() as playwright:
        await left_behind(container)
        token = await _session(container)
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await _page(browser, base, token)
        shots = [
            it
            for it in chosen()
            if it.language in asked.language and (not asked.place or _place_of(it) in asked.place)
        ]
        named = {_place_of(it) for it in shots} if asked.docs else set(asked.place)
        wanted = [place for place in PLACES if not named or place.name in named]
        addresses = await _addresses(page, base, wanted, taken)
        if asked.docs:
            taken.unseen = [it.file for it in shots if it.name not in {*addresses, ACKNOWLEDGE}]
        else:
            shots = _every(asked, addresses)
        for shot in shots:
            if shot.name == ACKNOWLEDGE:
                address = await acknowledge_link(container, shot.language)
            elif shot.name in addresses:
                address = base + addresses[shot.name] + (f"?{shot.query}" if shot.query else "")
            else:
                continue
            await _dress(page, base, shot)
            picture = await _shoot(page, address, taken, part=shot.part)
            if asked.docs:
                picture = await _compressed(page, picture)
            await asyncio.to_thread((out / shot.file).write_bytes, picture)
            taken.pictures.append(out / shot.file)
        await browser.close()
    return taken


def _every(asked: argparse.Namespace, addresses: Iterable[str]) -> list[Shot]:
    """Each address in each of the languages and themes."""
    return [
        Shot(name=name, language=language, theme=theme, phone=asked.phone)
        for language in asked.language
        for theme in asked.theme
        for name in addresses
    ]


def _place_of(shot: Shot) -> str:
    """The name of its place: `statements` of `statements-1`."""
    return re.sub(r"-\d+$", "", shot.name)


async def _page(browser: Browser, base: str, token: str) -> Page:
    """A page of somebody who is signed in."""
    width, height = DESK
    context = await browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(_PATIENCE_MS)
    await _cookies(context, base, {SESSION_COOKIE: token, LANGUAGE_COOKIE: "zh"})
    return await context.new_page()


async def _dress(page: Page, base: str, shot: Shot) -> None:
    """Its window, language and theme."""
    width, height = shot.window
    await page.set_viewport_size({"width": width, "height": height})
    chosen_so = {LANGUAGE_COOKIE: shot.language, THEME_COOKIE: shot.theme}
    await _cookies(page.context, base, chosen_so)


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
async def _served(data: Path) -> AsyncIterator[tuple[str, Container]]:
    """Serve the demo on loopback, without its jobs; answers the address and who serves it."""
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
        server = uvicorn.Server(
            uvicorn.Config(create_app(container), log_config=None, timeout_graceful_shutdown=5)
        )
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield base, container
        finally:
            server.should_exit = True
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
    roots = [place for place in PLACES if place in wanted or place.name == "queue"]
    for place in roots:
        if "{" not in place.path:
            await page.goto(f"{base}/console{place.path}")
            await _settle(page)
            hrefs = "[...document.querySelectorAll('main a[href]')].map(it => it.pathname)"
            linked += await page.evaluate(hrefs)
    found: dict[str, str] = {}
    for place in wanted:
        spelt = {f"/console{path}" for path in place.paths}  # "new" is no id
        for depth, path in enumerate(place.paths):
            name = place.name if not depth else f"{place.name}-{depth}"
            if "{" not in path:
                found[name] = f"/console{path}"
                continue
            shape = re.compile("/console" + re.sub(r"\{\w+\}", "[^/]+", path))
            ids = (href for href in linked if shape.fullmatch(href) and href not in spelt)
            address = next(ids, None)
            if address is None:
                taken.unseen.append(path)
            else:
                found[name] = address
    return found


async def _shoot(page: Page, address: str, taken: Taken, *, part: str | None) -> bytes:
    answer = await page.goto(address)
    if answer is None or answer.status >= 400:
        taken.failed.append(f"{address}: {answer.status if answer else 'no answer'}")
    await _settle(page)
    if part is not None:
        await page.locator(part).last.evaluate(_TO_TOP)
        await page.wait_for_timeout(_SETTLED_MS)
    return await page.screenshot()


async def _compressed(page: Page, picture: bytes) -> bytes:
    """The same in 256 colours. The browser unpacks it: nothing else here can."""
    await page.goto("about:blank")
    packed = base64.b64encode(picture).decode("ascii")
    width, height, unpacked = await page.evaluate(_UNPACK, packed)
    flat = np.frombuffer(base64.b64decode(unpacked), dtype=np.uint8)
    return palette_png(flat.reshape(height, width, 4)[:, :, :3])


async def _settle(page: Page) -> None:
    if "/console" not in page.url:
        return  # a plain page without a script
    await page.wait_for_function("window.fengsui?.connected?.() === true")
    # Figures over many posts are read after the page is drawn.
    await page.wait_for_function("document.querySelector('main .skeleton') === null")
    await page.wait_for_timeout(_SETTLED_MS)


async def _cookies(context: BrowserContext, base: str, cookies: dict[str, str]) -> None:
    for name, value in cookies.items():
        await context.add_cookies([{"name": name, "value": value, "url": base}])


if __name__ == "__main__":
    sys.exit(main())
