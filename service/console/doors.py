"""The plain HTTP side: what sets or clears a cookie cannot go through a page's socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.api.identity import SESSION_COOKIE
from service.auth import BadCredentials
from service.bootstrap import Container
from service.console.i18n import Language
from service.console.session import (
    BASE,
    LANGUAGE_COOKIE,
    PASSWORD,
    REMEMBERED_S,
    SIGN_IN,
    THEME_COOKIE,
    Theme,
    cookie_settings,
    inside,
)
from service.errors import InvalidInput

_LARGEST_FORM = 8_192
_LONGEST_PASSWORD = 256


def doors(container: Container) -> APIRouter:
    """Routes that take the forms of the console and answer with a redirect to a page."""
    router = APIRouter(include_in_schema=False)
    settings: Mapping[str, Any] = cookie_settings(container)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        form = await _form(request)
        wanted = inside(form.get("to"))
        if _foreign(request):
            return _to(f"{SIGN_IN}?problem=refused")
        try:
            user = await container.sign_in.authenticate(
                form.get("name", "").strip(), form.get("password", "")
            )
        except BadCredentials:
            return _to(f"{SIGN_IN}?problem=refused&to={quote(wanted, safe='')}")
        token = await container.sessions.start(user)
        answer = _to(PASSWORD if user.must_change_password else wanted)
        answer.set_cookie(SESSION_COOKIE, token, **settings)
        return answer

    @router.post(PASSWORD)
    async def change_password(request: Request) -> Response:
        form = await _form(request)
        try:
            token = request.cookies.get(SESSION_COOKIE, "")
            session = await container.sessions.resolve(token)
        except BadCredentials:
            return _to(SIGN_IN)
        new = form.get("new", "")[: _LONGEST_PASSWORD + 1]
        if _foreign(request):
            return _to(f"{PASSWORD}?problem=refused")
        if new != form.get("again", "")[: _LONGEST_PASSWORD + 1]:
            return _to(f"{PASSWORD}?problem=differs")
        try:
            await container.sign_in.change_password(
                session.user.id, old=form.get("old", ""), new=new
            )
        except BadCredentials:
            return _to(f"{PASSWORD}?problem=refused")
        except InvalidInput:
            return _to(f"{PASSWORD}?problem=weak")
        fresh = await container.users.get(session.user.id)
        answer = _to(f"{BASE}/")
        answer.set_cookie(SESSION_COOKIE, await container.sessions.start(fresh), **settings)
        return answer

    @router.post(f"{BASE}/sign-out")
    async def sign_out(request: Request) -> Response:
        if not _foreign(request):
            await container.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
        answer = _to(SIGN_IN)
        answer.delete_cookie(SESSION_COOKIE, **settings)
        return answer

    @router.get(f"{BASE}/taste")
    async def remember_taste(request: Request) -> Response:
        """Keep the language or theme of a link, then go back to the page it was on."""
        answer = _to(inside(request.query_params.get("to")))
        language = request.query_params.get("language", "")
        theme = request.query_params.get("theme", "")
        if language in set(Language):
            answer.set_cookie(LANGUAGE_COOKIE, language, max_age=REMEMBERED_S, **settings)
        if theme in set(Theme):
            answer.set_cookie(THEME_COOKIE, theme, max_age=REMEMBERED_S, **settings)
        return answer

    return router


def _to(address: str) -> RedirectResponse:
    # 303: the browser comes back with a GET, and a reload of the page does not post again.
    return RedirectResponse(address, status_code=303)


def _foreign(request: Request) -> bool:
    """Whether another site made the browser send this; old browsers do not tell."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small urlencoded form; an oversized or garbled one has none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
