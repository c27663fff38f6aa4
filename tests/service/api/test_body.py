"""Bodies: bounded, JSON, read once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from service.api.body import DEEPEST, Bodies, parse_json
from service.api.errors import BadJson

pytestmark = pytest.mark.asyncio(loop_scope="module")
JSON = {"Content-Type": "application/json"}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


async def test_an_announced_giant_is_refused_unread(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/posts", content=b"x" * 1_000_001, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["connection"] == "close"


async def test_a_giant_in_chunks_is_refused(everyone: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    answer = await everyone.post("/v1/posts", content=chunks(), headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_only_plain_json(everyone: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await everyone.post("/v1/posts", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[1,]",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'"\n"',
        b"[" * 100_000,
        b"1" * 5_000,
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ],
)
async def test_what_is_no_json(everyone: httpx.AsyncClient, raw: bytes) -> None:
    answer = await everyone.post("/v1/classify", content=raw, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"bad_json", "invalid_input"}


async def test_a_write_without_its_body(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.post("/v1/posts")).json()["code"] == "bad_json"
    assert (await everyone.put("/v1/brands/b")).json()["code"] == "invalid_input"


@pytest.mark.parametrize("name", ["a\\u0000b", "\\ud800", "\\udc00x"])
async def test_strings_that_no_database_holds(everyone: httpx.AsyncClient, name: str) -> None:
    raw = f'{{"name": "{name}", "aliases": []}}'.encode()
    answer = await everyone.put("/v1/brands/nul", content=raw, headers=JSON)
    assert answer.status_code == 422
    assert "name holds a NUL" in answer.json()["detail"]


@pytest.mark.parametrize("raw", ['{"\\u0000": {}}', '{"a": ["ok", {"b": "\\u0000"}]}'])
async def test_strings_deep_inside_settings(everyone: httpx.AsyncClient, raw: str) -> None:
    body = f'{{"kind": "rss", "name": "x", "settings": {raw}}}'.encode()
    answer = await everyone.put("/v1/sources/nul", content=body, headers=JSON)
    assert answer.status_code == 422


async def test_depth_up_to_the_limit() -> None:
    parse_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(BadJson, match="deeper"):
        parse_json(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


async def test_half_a_surrogate_pair_is_read() -> None:
    assert parse_json(b'{"text": "\\ud83d"}') == {"text": "\ud83d"}


@given(raw=st.binary(max_size=200))
@settings(max_examples=200)
async def test_any_bytes_are_json_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BadJson):
        parse_json(raw)


@given(value=JSON_VALUES)
@settings(max_examples=100)
async def test_json_is_read_as_it_was_written(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value


async def test_a_caller_who_hangs_up_is_not_answered() -> None:
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("never reached")

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/posts", "headers": []}
    await Bodies(app, limit=10)(scope, gone, send)
    assert sent == []
