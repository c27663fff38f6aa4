"""The door of the drop-in endpoints: address, method and key, before a byte of the body is read.

Whatever is refused below the base of an imitated service, here or further in, is said in its words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.compat import caller, google, openai, perspective
from service.api.compat.errors import MethodNotServed, UnknownAddress
from service.api.problems import Refusal, speak
from service.auth import Principal
from service.errors import ServiceError

_METHOD = "POST"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imitated:
    """A service that is stood in for: where it is, how its callers name themselves and are told."""

    base: str
    addresses: frozenset[str]
    holder: Callable[[HTTPConnection], Awaitable[Principal]]
    refusal: Refusal


IMITATED = (
    Imitated(
        base="/compat/openai/",
        addresses=frozenset({openai.PATH}),
        holder=caller.bearer,
        refusal=openai.refusal,
    ),
    Imitated(
        base="/compat/perspective/",
        addresses=frozenset(
            f"{perspective.BASE}/comments:{verb}" for verb in ("analyze", "suggestscore")
        ),
        holder=caller.bearer_or_key,
        refusal=google.refusal,
    ),
)


class CompatDoor:
    """Puts the holder of the key into `request.state`, and how errors are said from here on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = _service(scope)
        if service is None:
            await self._app(scope, receive, send)
            return
        speak(scope, service.refusal)
        error = await _fault(scope, service)
        if error is None:
            await self._app(scope, receive, send)
            return
        response = service.refusal(error)
        if isinstance(error, MethodNotServed):
            response.headers["Allow"] = _METHOD
        await response(scope, receive, send)


async def _fault(scope: Scope, service: Imitated) -> ServiceError | None:
    """What speaks against reading the request; None where its caller may go on."""
    try:
        _check_address(scope, service)
        await service.holder(HTTPConnection(scope))
    except ServiceError as error:
        return error
    except Exception:
        log.exception("compat.failed")
        return ServiceError("something went wrong here")
    return None


def _service(scope: Scope) -> Imitated | None:
    if scope["type"] != "http":
        return None
    return next((one for one in IMITATED if scope["path"].startswith(one.base)), None)


def _check_address(scope: Scope, service: Imitated) -> None:
    method, path = scope["method"], scope["path"]
    if path not in service.addresses:
        raise UnknownAddress(f"Unknown address ({method} {path[:200]}); docs/compat.md names ours")
    if method != _METHOD:
        raise MethodNotServed(f"Not allowed to {method} on {path}; use {_METHOD}")
