"""Pages of the queue without a browser: the page is asked for, its socket held, its updates read.

    python -m bench.console_sockets BASE CLIENTS SECONDS  < session tokens, one a line

Says `ready` when all are open, then writes a JSON line for every marked figure that a page was
sent: `[mark, seconds since the epoch]`.
A mark is a count of posts from 1,000,000 up, which `bench.console` writes into an incident.
"""

from __future__ import annotations

import ast
import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import socketio

from service.api.identity import SESSION_COOKIE

_MARK = re.compile(r"\b1,\d{3},\d{3}\b")
_QUERY = re.compile(r"query: (\{.*?\}),")
_STARTING = 4
"""Pages asked for at the same time."""


@dataclass(slots=True)
class Seen:
    """Marks with the instant at which they came in."""

    marks: list[tuple[int, float]] = field(default_factory=list)
    updates: int = 0
    lost: bool = False


async def hold(
    seen: Seen,
    base: str,
    token: str,
    seconds: float,
    *,
    gate: asyncio.Semaphore,
    ready: asyncio.Barrier,
) -> None:
    """Open the queue as that session and read what it is sent, from when all are `ready`."""
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "Accept-Language": "zh-CN"}
    async with gate, httpx.AsyncClient(headers=headers, timeout=60) as client:
        page = (await client.get(f"{base}/console/")).raise_for_status().text
        query = {**_query(page), "document_id": token[:12], "tab_id": token[12:24]}
        socket = socketio.AsyncClient(reconnection=False, reconnection_attempts=5)

        async def update(message: Any) -> None:
            seen.updates += 1
            at = time.time()
            for mark in set(_MARK.findall(json.dumps(message, ensure_ascii=False))):
                seen.marks.append((int(mark.replace(",", "")), at))

        socket.on("update", update)
        address = f"{base}/?{httpx.QueryParams(query)}"
        await socket.connect(
            address,
            headers={**headers, "Origin": base},
            socketio_path="/console/_nicegui_ws/socket.io",
            transports=["websocket"],
            # As a browser does: fifty that come at once find the server at its busiest.
            retry=True,
        )
    await ready.wait()
    await asyncio.sleep(seconds)
    seen.lost = not socket.connected
    await socket.disconnect()


def _query(page: str) -> dict[str, str]:
    found = _QUERY.search(page)
    if found is None:
        raise ValueError("the page names no query for its socket")
    raw: dict[str, Any] = ast.literal_eval(found.group(1))  # written as Python writes it
    return {
        name: str(value).lower() if value is True else str(value) for name, value in raw.items()
    }


async def main(base: str, clients: int, seconds: float) -> None:
    """Hold the pages; say `ready` once all are open, then the marks of all."""
    tokens = [line.strip() for line in sys.stdin if line.strip()]
    gate, ready = asyncio.Semaphore(_STARTING), asyncio.Barrier(clients + 1)
    pages = [Seen() for _ in range(clients)]
    async with asyncio.TaskGroup() as group:
        for place, page in enumerate(pages):
            token = tokens[place % len(tokens)]
            group.create_task(hold(page, base, token, seconds, gate=gate, ready=ready))
        await ready.wait()
        print("ready", flush=True)
    for page in pages:
        for mark in page.marks:
            print(json.dumps(mark))
    lost = sum(page.lost for page in pages)
    print(json.dumps({"updates": sum(page.updates for page in pages), "lost": lost}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
