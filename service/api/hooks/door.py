"""The door of inbound webhooks: a sender's proof before the body is read, and then over it.

Whoever comes with an API key or a session has been named before, and passes. Strangers learn
nothing of which sources there are: whatever is wrong is the same refusal to them, of the body's
size and form too, until they have proven who they are. It comes when the body has been read, also
where its headers, or the name of the source, have settled the matter before: who waits for the
refusal before sending would tell the names by the moment of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crawlers import BadSettings, UnknownKind
from crawlers.sources.webhook import WebhookSettings, WebhookSource
from service.api.hooks.refusal import Refusals
from service.api.hooks.signature import check_body, check_headers
from service.api.identity import HOOKS
from service.api.problems import Refusal, problem_of, refusal_of, speak
from service.auth import Principal, PrincipalKind, Role, Undecipherable
from service.bootstrap import Container
from service.errors import NotFound, ServiceError, Unauthenticated

_PATH = re.compile(r"/v1/hooks/(?P<source>[a-z0-9][a-z0-9_.-]{0,63})")


@dataclass(frozen=True, slots=True)
class _Sender:
    """Somebody whose headers look right, and by what the body is judged."""

    source: str
    settings: WebhookSettings
    proven: bool


@dataclass(frozen=True, slots=True)
class _Refused:
    """Somebody whose headers cannot become a proof, and the answer that waits for the body."""

    answer: Response


class HookDoor:
    """Outside of the body: judges by name and headers what the body may become."""

    def __init__(self, app: ASGIApp, *, container: Container) -> None:
        self._app = app
        self._container = container
        self._refusals = Refusals(monotonic=container.clock.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_strangers(scope):
            await self._app(scope, receive, send)
            return
        source: str | None = None
        try:
            name, settings = await self._webhook(scope)
            source = name
            now = self._container.clock.now()
            proven = check_headers(settings, _headers(scope), now=now)
        except ServiceError as error:
            answer = self._refusals.refuse(error, source=source)
            scope["state"]["hook"] = _Refused(answer)
            speak(scope, lambda _: answer)
        else:
            scope["state"]["hook"] = _Sender(source=name, settings=settings, proven=proven)
            if not proven:
                speak(scope, self._refusal(name))
        await self._app(scope, receive, send)

    def _refusal(self, source: str) -> Refusal:
        return lambda error: self._refusals.refuse(error, source=source)

    async def _webhook(self, scope: Scope) -> tuple[str, WebhookSettings]:
        found = _PATH.fullmatch(scope["path"])
        if found is None or scope["method"] != "POST":
            raise Unauthenticated("no such webhook")
        name = found["source"]
        config = await self._container.sources.get(name)
        if not config.enabled:
            raise NotFound(f"source {name} is switched off")
        try:
            source = await self._container.sources.build(name)
        except (BadSettings, UnknownKind, Undecipherable) as error:
            raise NotFound(f"source {name} cannot be built: {error}") from error
        if not isinstance(source, WebhookSource):
            raise NotFound(f"source {name} is no webhook")
        return name, source.settings


class HookSeal:
    """Inside of the body: the signature over it, and the sender's name for what comes then."""

    def __init__(self, app: ASGIApp, *, container: Container) -> None:
        self._app = app
        self._container = container

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = scope.get("state", {}).get("hook") if scope["type"] == "http" else None
        if isinstance(sender, _Refused):
            await sender.answer(scope, receive, send)
            return
        if not isinstance(sender, _Sender):
            await self._app(scope, receive, send)
            return
        try:
            if not sender.proven:
                check_body(
                    sender.settings,
                    _headers(scope),
                    scope["state"]["body"],
                    now=self._container.clock.now(),
                )
        except ServiceError as error:
            await refusal_of(scope)(error)(scope, receive, send)
            return
        speak(scope, problem_of)
        scope["state"]["principal"] = Principal(
            id=f"hook:{sender.source}"[:64],
            kind=PrincipalKind.KEY,
            name=f"webhook {sender.source}",
            roles=frozenset({Role.CLASSIFIER}),
        )
        await self._app(scope, receive, send)


def _is_strangers(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["path"].startswith(HOOKS)
        and "principal" not in scope.setdefault("state", {})
    )


def _headers(scope: Scope) -> dict[str, str]:
    """The first value of each header, by its name in lower case."""
    found: dict[str, str] = {}
    for name, value in Headers(scope=scope).items():
        found.setdefault(name, value)
    return found
