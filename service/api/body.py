"""Bodies: bounded in size and depth, JSON or a file, read once before anything else is done.

Reading and understanding are two layers: between them a signature over the bytes is checked, so
that nothing is told of a body whose sender is nobody.
"""

from __future__ import annotations

import json
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import BadJson, UnsupportedMediaType
from service.api.identity import PROTECTED, WRITES
from service.api.problems import refusal_of
from service.errors import ServiceError, TooLarge

DEEPEST = 64
_FILES = frozenset({"/v1/imports", "/v1/imports/preview"})
"""Where the body is a file as it is, whatever its media type."""


class Bodies:
    """The body of every write, whole, into `scope["state"]["body"]`; refuses too large ones."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in WRITES:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await self._read(headers, receive)
            if body is None:
                return
        except ServiceError as error:
            answer = refusal_of(scope)(error)
            # What is left of the body is not read: without this the next request would begin in it.
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["body"] = body
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """The body; None when the client has gone. Raises TooLarge."""
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and len(announced) < 20 and int(announced) > self._limit:
            raise self._too_large()
        chunks = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._limit:
                raise self._too_large()
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the body has more than {self._limit:,} bytes; send it in parts")


class JsonBodies:
    """What a body under /v1 means, into `scope["state"]["json"]`; refuses what cannot be read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = scope.get("state", {}).get("body") if scope["type"] == "http" else None
        if body and scope["path"].startswith(PROTECTED):
            headers = Headers(scope=scope)
            try:
                if scope["path"] in _FILES:
                    _check_plain(headers)
                else:
                    _check_media(headers)
                    scope["state"]["json"] = parse_json(body)
            except ServiceError as error:
                await refusal_of(scope)(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def parse_json(raw: bytes) -> Any:
    """Decoded JSON, lone surrogates in strings allowed. Raises BadJson saying where it breaks."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        value = _parse_slowly(raw, error)
    if raw.count(b"[") + raw.count(b"{") > DEEPEST:
        _check_depth(value)
    return value


def _parse_slowly(raw: bytes, first: orjson.JSONDecodeError) -> Any:
    """Python's own parser takes what only escaped surrogates spoil, but no NaN, please."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadJson(
            f"the body is no JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadJson(f"the body is no JSON that is read here: {first.msg}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _check_depth(value: Any) -> None:
    level: list[Any] = [[value]]
    for _ in range(DEEPEST + 1):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
        if not level:
            return
    raise BadJson(f"the body is nested deeper than {DEEPEST} levels")


def _check_media(headers: Headers) -> None:
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise UnsupportedMediaType("send JSON, with Content-Type: application/json")
    _check_plain(headers)


def _check_plain(headers: Headers) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("send the body as it is, without Content-Encoding")


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
