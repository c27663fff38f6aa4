"""The console under load: first paint of a long queue, fifty live sessions, a large incident.

python -m bench.console [--incidents 2000] [--sessions 48] [--seconds 120] [--posts 50000]

The server is `fengsui serve` in a process of its own on SQLite; Chromium, the socket clients and
what changes incidents run beside it. Needs Chromium. Delays are from the commit of a change to the
instant at which a page was sent it (sockets) or has drawn it (browsers), on one clock.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.console_filling import BURNING, fill_posts, fill_queue, sessions, settled
from bench.served import Served, served
from service.api.identity import SESSION_COOKIE
from service.clock import SystemClock
from service.console.pages.incident_queue import ROWS
from service.db import Database
from service.incidents import Incident, repository
from service.incidents.filters import IncidentFilter

_TIMES = 5
_FIRST_MARK = 1_000_000
_WARM_UP_S = 5.0
_WATCH = """
window.painted = null;
window.marks = {};
const look = () => {
  if (window.painted === null && document.querySelector(window.awaited ?? "[data-row]")) {
    requestAnimationFrame(() => { window.painted ??= performance.now(); });
  }
  for (const cell of document.querySelectorAll("[data-row] td.number")) {
    const mark = Number(cell.textContent.replaceAll(",", ""));
    if (mark >= 1000000 && !(mark in window.marks)) window.marks[mark] = Date.now() / 1000;
  }
};
new MutationObserver(look).observe(document, {
  childList: true, subtree: true, characterData: true,
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the server used while the sessions were open. `cores` is CPU time by wall time."""

    cores: float
    resident: int
    peak: int


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used, in its own code and in the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int, name: str) -> int:
    """Bytes: `VmRSS` of now, `VmHWM` at the most."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"process {pid} does not say {name}")


async def opened(browser: Browser, base: str, token: str, path: str, awaited: str) -> Page:
    """A window of its own, with nothing cached, on a page whose first piece is drawn."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    await context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": base}])
    page = await context.new_page()
    await page.add_init_script(f"window.awaited = {json.dumps(awaited)};{_WATCH}")
    await page.goto(f"{base}/console{path}", timeout=120_000)
    await page.wait_for_function("window.painted !== null", timeout=120_000)
    return page


async def paint(browser: Browser, base: str, token: str, path: str, awaited: str) -> None:
    """Print first contentful paint and first useful piece: the median of five, and the worst."""
    first, useful, answered = [], [], []
    for _ in range(_TIMES + 1):
        page = await opened(browser, base, token, path, awaited)
        figures = await page.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
            " window.painted, performance.getEntriesByType('navigation')[0].responseEnd]"
        )
        await page.context.close()
        first.append(figures[0])
        useful.append(figures[1])
        answered.append(figures[2])
    # The first of all warms what the process loads once.
    for name, took in (
        ("answer read", answered[1:]),
        ("first contentful paint", first[1:]),
        ("first useful piece", useful[1:]),
    ):
        print(f"  {name:<34} {statistics.median(took):7.0f} ms   worst {max(took):7.0f}")


async def change(database: Database, seconds: float) -> dict[int, float]:
    """Once a second give one incident of the first page a marked count; the instants by mark."""
    rng, clock = random.Random(7), SystemClock()
    async with database.read() as connection:
        shown = await repository.queue(connection, IncidentFilter(), limit=ROWS, offset=0)
    ids, written = [incident.id for incident in shown], {}
    begun = time.monotonic()
    for number in range(int(seconds)):
        mark = _FIRST_MARK + number
        async with database.write() as connection:
            incident: Incident = await repository.get(connection, rng.choice(ids))
            await repository.change(connection, incident, now=clock.now(), posts=mark)
        written[mark] = time.time()
        await asyncio.sleep(max(0.0, begun + number + 1 - time.monotonic()))
    return written


async def fifty(
    browser: Browser, server: Served, tokens: Sequence[str], *, clients: int, seconds: float
) -> None:
    """Two browsers and so many sockets on the queue while it changes."""
    base = f"http://127.0.0.1:{server.port}"
    sockets = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.console_sockets", base, str(clients), str(seconds + 2 * _WARM_UP_S)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    if sockets.stdin is None or sockets.stdout is None:
        raise AssertionError("the clients were started with pipes")
    sockets.stdin.write("\n".join(tokens).encode())
    sockets.stdin.close()
    if (await sockets.stdout.readline()).strip() != b"ready":
        raise RuntimeError("the socket clients did not get ready")
    windows = [await opened(browser, base, token, "/", "[data-row]") for token in tokens[:2]]
    await asyncio.sleep(_WARM_UP_S)
    database = Database(f"sqlite+aiosqlite:///{server.folder / 'state.db'}")
    before, begun = cpu_s(server.pid), time.monotonic()
    try:
        written = await change(database, seconds)
    finally:
        await database.close()
    load = Load(
        cores=(cpu_s(server.pid) - before) / (time.monotonic() - begun),
        resident=memory(server.pid, "VmRSS"),
        peak=memory(server.pid, "VmHWM"),
    )
    await asyncio.sleep(2)
    drawn: list[tuple[int, float]] = []
    for window in windows:
        marks = await window.evaluate("window.marks")
        drawn += [(int(mark), at) for mark, at in marks.items()]
        await window.context.close()
    told, summary = [], {}
    for line in (await sockets.stdout.read()).decode().splitlines():
        item = json.loads(line)
        if isinstance(item, list):
            told.append((int(item[0]), float(item[1])))
        else:
            summary = item
    await sockets.wait()
    print(f"  server: {load.cores:.2f} cores, {load.resident / 2**20:.0f} MiB resident", end="")
    print(f" ({load.peak / 2**20:.0f} at most); updates sent {summary}")
    _delays("socket clients", written, told, pages=clients)
    _delays("browsers, drawn", written, drawn, pages=2)


def _delays(
    name: str, written: dict[int, float], seen: Sequence[tuple[int, float]], *, pages: int
) -> None:
    """A change that the next one of the same incident overtook was never to be seen: it is told."""
    delays = sorted(at - written[mark] for mark, at in seen if mark in written)
    if not delays:
        print(f"  {name}: saw nothing")
        return
    cuts = statistics.quantiles(delays, n=100, method="inclusive") if len(delays) > 1 else delays
    share = len(delays) / (pages * len(written))
    print(
        f"  {name:<20} p50 {cuts[len(cuts) // 2]:.2f} s  p95 {cuts[int(len(cuts) * 0.95)]:.2f} s  "
        f"worst {delays[-1]:.2f} s  ({share:.1%} of {len(written)} changes on {pages} pages)"
    )


async def measure(arguments: argparse.Namespace) -> None:
    """Fill a server, then everything that was asked for."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium on this machine")
    with served({}) as server:
        base = f"http://127.0.0.1:{server.port}"
        now = datetime.now(UTC) - timedelta(minutes=5)
        tokens = await sessions(server.folder, count=arguments.sessions + 2)
        await fill_queue(server.folder, count=arguments.incidents, now=now)
        burning = await fill_posts(server.folder, count=arguments.posts, now=now)
        print(f"deadlines that were due are handled after {await settled(server.folder):.0f} s")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"]
            )
            print(f"queue of {arguments.incidents} open incidents:")
            await paint(browser, base, tokens[0], "/", "[data-row]")
            if arguments.posts:
                print(f"incident of {arguments.posts} posts ({BURNING}):")
                await paint(browser, base, tokens[0], f"/incidents/{burning}", "main h1")
            if arguments.seconds:
                print(f"{arguments.sessions + 2} sessions, {arguments.seconds:.0f} s of changes:")
                await fifty(
                    browser, server, tokens, clients=arguments.sessions, seconds=arguments.seconds
                )
            await browser.close()


def main() -> None:
    """Measure and print."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # each figure as soon as it is measured
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=2_000)
    parser.add_argument("--sessions", type=int, default=48, help="socket clients")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--posts", type=int, default=50_000)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
