"""Who is asking: an API key, or the session of the console. Under /v1 nobody passes unnamed."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import problem_of
from service.auth import Principal
from service.bootstrap import Container
from service.errors import Forbidden, ServiceError, Unauthenticated

SESSION_COOKIE = "fengsui_session"
PROTECTED = "/v1/"
HOOKS = "/v1/hooks/"
KEY_SCHEME = "fsk_"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Identity:
    """Puts the principal into `request.state`; refuses before a byte of the body is read."""

    def __init__(self, app: ASGIApp, *, container: Container) -> None:
        self._app = app
        self._container = container

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PROTECTED) or _is_signed(scope):
            await self._app(scope, receive, send)
            return
        try:
            principal = await identify(self._container, scope)
        except ServiceError as error:
            await problem_of(error)(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)


def _is_signed(scope: Scope) -> bool:
    """Whether a sender of a webhook comes without a key of ours: the door of hooks asks it."""
    if not scope["path"].startswith(HOOKS):
        return False
    headers = Headers(scope=scope)
    key = headers.get("authorization", "").partition(" ")[2].strip()
    return not key.startswith(KEY_SCHEME) and _cookie(headers) is None


async def identify(container: Container, scope: Scope) -> Principal:
    """Whose request it is. Raises Unauthenticated, BadCredentials, Forbidden."""
    headers = Headers(scope=scope)
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("send the key as `Authorization: Bearer fsk_…`")
        return await container.keys.authenticate(token.strip())
    session = _cookie(headers)
    if session is None:
        raise Unauthenticated("send a key as `Authorization: Bearer fsk_…`, or sign in")
    found = await container.sessions.resolve(session)
    if scope["method"] in WRITES:
        _require_same_origin(headers, public_url=container.settings.public_url)
    if found.user.must_change_password:
        raise Forbidden(f"{found.user.name} must first change the one-time password at /console")
    return found.principal


def _cookie(headers: Headers) -> str | None:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(SESSION_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None and morsel.value else None


def _require_same_origin(headers: Headers, *, public_url: str) -> None:
    """A browser sends the cookie along for other sites' pages too, and says so."""
    origin = headers.get("origin")
    ours = {headers.get("host"), urlsplit(public_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise Forbidden("a write with a session comes from the console's own pages only")
