"""Around every request: an id, one log line, metrics, safe headers, and no traceback for strangers.

The log has the route's template and never the query: both path and query may carry tokens.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import internal, problem_of
from service.errors import InvalidInput
from service.metrics import http_requests, http_seconds

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
_DATA = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

# Asked hundreds of times a second by one caller: the metrics count each, a line each would cost as
# much as the answer. Refusals are logged as everywhere.
_QUIET = frozenset(
    {
        "/v1/classify",
        "/compat/openai/v1/moderations",
        "/compat/perspective/v1alpha1/comments:analyze",
    }
)

log = structlog.get_logger(__name__)


class Envelope:
    """The outermost middleware. `monotonic` in seconds."""

    def __init__(self, app: ASGIApp, *, monotonic: Callable[[], float]) -> None:
        self._app = app
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        started = self._monotonic()
        status: int | None = None

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _headers_for(scope["path"]).items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                if _has_nul(scope):
                    error = InvalidInput("the address holds a NUL character; leave it out")
                    await problem_of(error)(scope, receive, note)
                else:
                    await self._app(scope, receive, note)
            except Exception:
                log.exception("http.failed", method=scope["method"], route=route_of(scope))
                if status is None:
                    await internal()(scope, receive, note)
            finally:
                self._count(scope, status or 500, self._monotonic() - started)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        http_requests.labels(method=method, route=route, status=str(status)).inc()
        http_seconds.labels(method=method, route=route).observe(seconds)
        principal = scope.get("state", {}).get("principal")
        tell = log.debug if status < 400 and route in _QUIET else log.info
        tell(
            "http.answered",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            principal=getattr(principal, "id", None),
        )


def route_of(scope: Scope) -> str:
    """The template of the route that took the request; nothing that a stranger can make up."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str) and template:
        return template
    return "/console" if scope["path"].startswith("/console") else "other"


def _headers_for(path: str) -> dict[str, str]:
    return _EVERYWHERE if path.startswith("/console") else _EVERYWHERE | _DATA


def _has_nul(scope: Scope) -> bool:
    return "\x00" in scope["path"] or b"%00" in scope["query_string"]
