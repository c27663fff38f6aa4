"""`Idempotency-Key` on writes: the same key with the same request is done once, and answered alike.

Only good answers are kept: a refused request has done nothing and may be sent again, corrected.
"""

from __future__ import annotations

import hashlib
import re

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.identity import PROTECTED, WRITES
from service.api.problems import problem_of
from service.api.remembered import Remembered, StoredAnswer
from service.errors import InvalidInput, ServiceError

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = frozenset({"content-type", "etag", "location"})
# Classifying changes nothing; a reveal is audited each time that somebody looks.
_EXEMPT = re.compile(r"/v1/(classify|(authors|posts|incidents|review/items)/[^/]+/reveal)")


class Idempotency:
    """Between the bodies, which it hashes, and the routes."""

    def __init__(self, app: ASGIApp, *, remembered: Remembered) -> None:
        self._app = app
        self._remembered = remembered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        principal = scope["state"]["principal"].id
        try:
            if _KEY.fullmatch(key) is None:
                problem = "1 to 200 visible ASCII characters, such as a UUID"
                raise InvalidInput(
                    f"Idempotency-Key: {problem}", errors=[("Idempotency-Key", problem)]
                )
            known = await self._remembered.claim(key, principal, _hash(scope))
        except ServiceError as error:
            await problem_of(error)(scope, receive, send)
            return
        if known is not None:
            await _response(known)(scope, receive, send)
            return
        await self._first(key, principal, scope, receive, send)

    async def _first(
        self, key: str, principal: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Run the request and keep its answer before giving it: a lost answer can be had again."""
        collected: list[Message] = []

        async def collect(message: Message) -> None:
            collected.append(message)

        answer = None
        try:
            await self._app(scope, receive, collect)
            answer = _good_answer(collected)
        finally:
            if answer is None:
                await self._remembered.release(key, principal)
        if answer is not None:
            await self._remembered.keep(key, principal, answer)
        for message in collected:
            await send(message)


def _key_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] not in WRITES:
        return None
    path: str = scope["path"]
    if not path.startswith(PROTECTED) or _EXEMPT.fullmatch(path):
        return None
    return Headers(scope=scope).get("idempotency-key")


def _hash(scope: Scope) -> str:
    digest = hashlib.sha256()
    headers = Headers(scope=scope)
    for part in (
        scope["method"].encode(),
        scope["path"].encode("utf-8", "surrogatepass"),
        scope["query_string"],
        headers.get("if-match", "").encode("latin-1"),
        headers.get("if-none-match", "").encode("latin-1"),
        scope["state"]["body"],
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _good_answer(messages: list[Message]) -> StoredAnswer | None:
    status = 500
    headers: list[tuple[str, str]] = []
    body = bytearray()
    for message in messages:
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", ())
                if name.decode("latin-1") in _KEPT_HEADERS
            ]
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
    if status >= 400:
        return None
    return StoredAnswer(status=status, headers=tuple(headers), body=bytes(body))


def _response(known: StoredAnswer) -> Response:
    headers = {**dict(known.headers), "Idempotency-Replayed": "true"}
    return Response(known.body, status_code=known.status, headers=headers)
