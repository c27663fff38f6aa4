"""The load: callers in a process of their own, each asking again as soon as it is answered.

Reads a plan as JSON from standard input and writes what happened as JSON to standard output. Raw
streams and requests built beforehand, because a client that parses and validates what it is told
takes the cores from the server it measures. Answers are only read after the clock has stopped.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HOST = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`bodies` are JSON texts, one a request; `callers` take them from one line, in order."""

    port: int
    token: str
    callers: int
    bodies: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What the callers saw. `latencies` in seconds, of the good answers; `cpu` of this process.

    `labels` are the sentiment labels item by item in the order of the bodies, None where none was
    given; `failed` counts the requests that got no good answer, by status or error.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    labels: list[str | None] = field(default_factory=list)
    degraded: list[str] = field(default_factory=list)


async def load(plan: Plan) -> Outcome:
    """Sends every body once and reads the answers."""
    requests = [request_bytes(body, token=plan.token) for body in plan.bodies]
    answers: list[bytes] = [b""] * len(requests)
    outcome = Outcome()
    line = iter(enumerate(requests))
    connections = [
        await asyncio.open_connection(HOST, plan.port, limit=1 << 20)
        for _ in range(min(plan.callers, len(requests)))
    ]
    cpu, start = time.process_time(), time.perf_counter()
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as callers:
        for reader, writer in connections:
            callers.create_task(_caller(reader, writer, line, answers, outcome))
    outcome.seconds, outcome.cpu = time.perf_counter() - start, time.process_time() - cpu
    for body in answers:
        _read(body, outcome)
    return outcome


async def _caller(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    line: Iterator[tuple[int, bytes]],
    answers: list[bytes],
    outcome: Outcome,
) -> None:
    for place, request in line:
        start = time.perf_counter()
        try:
            writer.write(request)
            status, body = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            # The connection is gone: this caller hangs up and the others go on.
            name = type(error).__name__
            outcome.failed[name] = outcome.failed.get(name, 0) + 1
            break
        if status == 200:
            outcome.latencies.append(time.perf_counter() - start)
            answers[place] = body
        else:
            outcome.failed[str(status)] = outcome.failed.get(str(status), 0) + 1
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(_HEAD_END)
    return status_of(head), await reader.readexactly(length_of(head))


def request_bytes(body: str, *, token: str) -> bytes:
    """A whole HTTP/1.1 request to classify."""
    content = body.encode()
    head = (
        f"POST /v1/classify HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def status_of(head: bytes) -> int:
    """The status of an answer's head."""
    return int(head.split(b" ", 2)[1])


def length_of(head: bytes) -> int:
    """The announced bytes of the body. Raises ValueError: the bench's own server always tells."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError(f"an answer without Content-Length: {head[:200]!r}")


def _read(body: bytes, outcome: Outcome) -> None:
    if not body:
        return
    answer = json.loads(body)
    for item in _items(answer):
        sentiment = item.get("sentiment")
        outcome.labels.append(sentiment["label"] if sentiment else None)
        if "error" in item:
            code = f"item: {item['error']['code']}"
            outcome.failed[code] = outcome.failed.get(code, 0) + 1
        outcome.degraded = sorted({*outcome.degraded, *item.get("degraded", ())})


def _items(answer: dict[str, Any]) -> Sequence[dict[str, Any]]:
    items: Sequence[dict[str, Any]] = answer.get("items", [answer])
    return items


def main() -> None:
    data = json.load(sys.stdin)
    plan = Plan(**{**data, "bodies": tuple(data["bodies"])})
    json.dump(asdict(asyncio.run(load(plan))), sys.stdout)


if __name__ == "__main__":
    main()
