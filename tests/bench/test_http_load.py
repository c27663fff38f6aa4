"""The callers: every body is sent once, answers keep their places, failures are counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bench.http_load import Outcome, Plan, length_of, load, request_bytes, status_of

Answer = Callable[[dict[str, str]], tuple[int, object]]


def _judged(data: dict[str, str]) -> tuple[int, object]:
    return 200, {"sentiment": {"label": data["text"]}, "degraded": ["pii"]}


async def test_labels_come_in_the_order_of_the_bodies() -> None:
    outcome = await _outcome(_judged, [{"text": str(number)} for number in range(20)], callers=4)
    assert outcome.labels == [str(number) for number in range(20)]
    assert len(outcome.latencies) == 20
    assert outcome.failed == {}
    assert outcome.degraded == ["pii"]
    assert outcome.seconds > 0


async def test_a_refusal_is_counted_and_the_caller_goes_on() -> None:
    def answer(data: dict[str, str]) -> tuple[int, object]:
        return (503, {}) if data["text"] == "1" else _judged(data)

    outcome = await _outcome(answer, [{"text": str(number)} for number in range(3)], callers=1)
    assert outcome.failed == {"503": 1}
    assert outcome.labels == ["0", "2"]
    assert len(outcome.latencies) == 2


async def test_items_of_a_batch_are_read_one_by_one() -> None:
    def answer(_data: dict[str, str]) -> tuple[int, object]:
        good = {"sentiment": {"label": "neutral"}, "degraded": []}
        return 200, {"items": [good, {"id": None, "error": {"code": "internal", "detail": ""}}]}

    outcome = await _outcome(answer, [{"text": ""}], callers=1)
    assert outcome.labels == ["neutral", None]
    assert outcome.failed == {"item: internal": 1}


async def test_a_lost_connection_is_a_failure() -> None:
    def answer(_data: dict[str, str]) -> tuple[int, object]:
        raise ConnectionResetError

    outcome = await _outcome(answer, [{"text": ""}, {"text": ""}], callers=1)
    assert outcome.failed == {"IncompleteReadError": 1}
    assert outcome.latencies == []


def test_a_request_says_its_bytes() -> None:
    request = request_bytes('{"text": "好"}', token="fsk_x")
    head, _, body = request.partition(b"\r\n\r\n")
    assert length_of(head) == len(body)
    assert b"Authorization: Bearer fsk_x" in head


def test_heads_are_read() -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\nCONTENT-Length: 12\r\n\r\n"
    assert (status_of(head), length_of(head)) == (429, 12)


def test_a_head_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="without Content-Length"):
        length_of(b"HTTP/1.1 200 OK\r\n\r\n")


async def _outcome(answer: Answer, data: list[dict[str, str]], *, callers: int) -> Outcome:
    async with _server(answer) as port:
        bodies = tuple(map(json.dumps, data))
        return await load(Plan(port=port, token="fsk_x", callers=callers, bodies=bodies))


@asynccontextmanager
async def _server(answer: Answer) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                data = json.loads(await reader.readexactly(length_of(head)))
                status, said = answer(data)
                body = json.dumps(said).encode()
                writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n\r\n".encode())
                writer.write(body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
