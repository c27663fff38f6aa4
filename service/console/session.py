"""Who is looking: the session cookie, and the language and theme that a browser remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from starlette.datastructures import QueryParams

from service.api.identity import SESSION_COOKIE
from service.auth import Action, BadCredentials, Principal, Resource, Session
from service.bootstrap import Container
from service.console.i18n import Words, load_words, preferred

BASE = "/console"
LANGUAGE_COOKIE = "fengsui_language"
THEME_COOKIE = "fengsui_theme"
KEYS_COOKIE = "fengsui_keys"
"""`off` where somebody wants no single-key shortcuts; the browser itself sets it."""
REMEMBERED_S = 365 * 24 * 3600

SIGN_IN = f"{BASE}/sign-in"
PASSWORD = f"{BASE}/password"


class Theme(StrEnum):
    """`auto` follows the browser."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """How a browser wants its pages, whoever uses it."""

    words: Words
    theme: Theme

    @classmethod
    def of(cls, request: Request) -> Taste:
        """From the cookies, and from what the browser says it prefers."""
        language = preferred(
            request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")
        )
        theme = request.cookies.get(THEME_COOKIE, "")
        return cls(
            words=load_words(language),
            theme=Theme(theme) if theme in set(Theme) else Theme.AUTO,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page opened by somebody who is signed in."""

    container: Container
    client: Client
    request: Request
    token: str
    session: Session
    taste: Taste
    drawn: asyncio.Event = field(default_factory=asyncio.Event, repr=False, compare=False)
    """Set once everything stands that the answer holds."""

    @property
    def words(self) -> Words:
        return self.taste.words

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown and days are cut."""
        return self.container.settings.zone

    @property
    def query(self) -> QueryParams:
        """What the address says behind its question mark."""
        return self.request.query_params

    def now(self) -> datetime:
        """The instant of now, aware."""
        return self.container.clock.now()

    def may(self, action: Action, resource: Resource, *, monitor: str | None = None) -> bool:
        """Whether to offer it; the desks ask again, with the roles of that moment."""
        return self.session.principal.may(action, resource, monitor=monitor)

    async def principal(self) -> Principal:
        """The visitor with their roles of this moment: a page may stay open for days.

        Raises BadCredentials when the session has ended since.
        """
        return (await self.container.sessions.resolve(self.token)).principal


async def open_visit(
    container: Container, request: Request, *, password_due: bool = False
) -> Visit | Response:
    """The visit of a request, or the way to sign in, or to change a one-time password.

    `password_due` is for the page on which that password is changed.
    """
    token = request.cookies.get(SESSION_COOKIE, "")
    try:
        session = await container.sessions.resolve(token)
    except BadCredentials:
        return RedirectResponse(sign_in_address(request), status_code=303)
    if session.user.must_change_password and not password_due:
        return RedirectResponse(PASSWORD, status_code=303)
    return Visit(
        container=container,
        client=ui.context.client,
        request=request,
        token=token,
        session=session,
        taste=Taste.of(request),
    )


def sign_in_address(request: Request) -> str:
    """The sign-in page, which leads back to where the request wanted to go."""
    wanted = request.url.path
    if request.url.query:
        wanted += f"?{request.url.query}"
    if inside(wanted) in (BASE, f"{BASE}/"):
        return SIGN_IN
    return f"{SIGN_IN}?to={quote(inside(wanted), safe='')}"


def inside(address: str | None) -> str:
    """The address if it is a page of the console, else the queue: never another site."""
    home = f"{BASE}/"
    if not address or "\\" in address or not address.isprintable():
        return home
    try:
        parts = urlsplit(address)
    except ValueError:
        return home
    if parts.scheme or parts.netloc or not parts.path.startswith(home):
        return home
    if parts.path in (SIGN_IN, PASSWORD):
        return home
    return address


def cookie_settings(container: Container) -> Mapping[str, object]:
    """How every cookie of the console is set; `secure` as soon as the public address is https."""
    return {
        "path": "/",
        "samesite": "lax",
        "httponly": True,
        "secure": container.settings.public_url.startswith("https://"),
    }
