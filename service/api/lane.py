"""The hot path: `POST /v1/classify` goes from the middleware straight to its endpoint.

Finding a route among hundreds and resolving its dependencies costs more than reading a short text
does. The route stays in the router as well: it is what OpenAPI describes, with the same endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import problem_of
from service.api.routes.classify import PATH, classify
from service.errors import ServiceError


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the log and the metrics call the route that took a request."""

    path: str


_ROUTE = _Taken(PATH)


class ClassifyLane:
    """The innermost middleware: whoever comes here is named, and the body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["route"] = _ROUTE
        try:
            response = await classify(Request(scope, receive))
        except ServiceError as error:
            response = problem_of(error)
        await response(scope, receive, send)
