"""Before a drop-in endpoint reads anything: address, method, key; every refusal in its dialect."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from service.api.compat.door import CompatDoor
from service.api.compat.openai import PATH
from service.api.compat.perspective import BASE
from service.bootstrap import Container

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANALYZE = f"{BASE}/comments:analyze"
LIMIT = 1_000_000


def openai_error(said: httpx.Response) -> dict[str, Any]:
    assert said.headers["content-type"] == "application/json"
    body: dict[str, Any] = said.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"message", "type", "param", "code"}
    error: dict[str, Any] = body["error"]
    return error


def google_error(said: httpx.Response) -> dict[str, Any]:
    assert said.headers["content-type"] == "application/json"
    body: dict[str, Any] = said.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() >= {"code", "message", "status"}
    assert body["error"]["code"] == said.status_code
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize("path", ["/compat/openai/v1/models", f"{PATH}/", "/compat/openai/"])
async def test_an_unknown_address_of_openai(stranger: httpx.AsyncClient, path: str) -> None:
    said = await stranger.post(path, json={})
    assert said.status_code == 404
    error = openai_error(said)
    assert (error["type"], error["code"]) == ("invalid_request_error", "unknown_url")


async def test_an_unknown_address_of_perspective(stranger: httpx.AsyncClient) -> None:
    said = await stranger.get("/compat/perspective/v1alpha1/comments:list")
    assert said.status_code == 404
    assert google_error(said)["status"] == "NOT_FOUND"


async def test_another_method(stranger: httpx.AsyncClient) -> None:
    moderated, analyzed = await stranger.get(PATH), await stranger.put(ANALYZE, json={})
    for said in (moderated, analyzed):
        assert (said.status_code, said.headers["Allow"]) == (405, "POST")
    assert openai_error(moderated)["code"] == "method_not_supported"
    assert google_error(analyzed)["status"] == "UNIMPLEMENTED"


async def test_a_body_that_is_too_large(viewer: httpx.AsyncClient) -> None:
    content = b'{"input": "' + b"x" * LIMIT + b'"}'
    moderated = await viewer.post(PATH, content=content)
    analyzed = await viewer.post(ANALYZE, content=content)
    assert (moderated.status_code, analyzed.status_code) == (413, 413)
    assert openai_error(moderated)["code"] == "too_large"
    assert google_error(analyzed)["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("path", [PATH, ANALYZE])
async def test_a_stranger_sends_no_body(stranger: httpx.AsyncClient, path: str) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"{")
        yield b"{"

    said = await stranger.post(path, content=body(), headers={"Authorization": "Bearer wrong"})
    assert said.status_code == 401
    assert read == []
    told = openai_error(said) if path == PATH else google_error(said)
    assert told["message"]


async def test_other_addresses_are_refused_as_everywhere(stranger: httpx.AsyncClient) -> None:
    said = await stranger.get("/compat/other")
    assert said.status_code == 404
    assert said.headers["content-type"] == "application/problem+json"


async def test_a_fault_of_ours_stays_in_the_dialect(container: Container) -> None:
    """Where the state database is gone, for instance."""

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("nobody came this far")

    broken = FastAPI()
    broken.state.container = None
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("the body was read")

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer fsk_x")],
        "app": broken,
    }
    await CompatDoor(inside)(scope, receive, send)
    assert sent[0]["status"] == 500
    assert b'"server_error"' in sent[1]["body"]
