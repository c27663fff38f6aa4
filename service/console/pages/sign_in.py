"""Signing in, and changing the password: plain forms, so that they work before any socket does."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import ui

from service.api.identity import SESSION_COOKIE
from service.auth import BadCredentials
from service.bootstrap import Container
from service.console.frame import taste_links
from service.console.i18n import Words
from service.console.session import (
    BASE,
    PASSWORD,
    SIGN_IN,
    Taste,
    inside,
    open_visit,
)
from service.console.theme import dress, plain

_PROBLEMS = frozenset({"refused", "differs", "weak"})


def register_sign_in(container: Container) -> None:
    """The pages `/sign-in` and `/password`."""

    @ui.page("/sign-in")
    async def sign_in_page(request: Request) -> Response | None:
        wanted = inside(request.query_params.get("to"))
        try:
            await container.sessions.resolve(request.cookies.get(SESSION_COOKIE, ""))
        except BadCredentials:
            _sign_in_form(Taste.of(request), request, wanted)
            return None
        return RedirectResponse(wanted, status_code=303)

    @ui.page("/password")
    async def password_page(request: Request) -> Response | None:
        visit = await open_visit(container, request, password_due=True)
        if isinstance(visit, Response):
            return visit
        due = visit.session.user.must_change_password
        _password_form(visit.taste, request, name=visit.session.user.name, due=due)
        return None


def _sign_in_form(taste: Taste, request: Request, wanted: str) -> None:
    words = taste.words
    dress(taste, words("sign_in.title"))
    with _card(words, words("sign_in.title")), _form(SIGN_IN):
        _problem(words, request, "sign_in")
        _hidden("to", wanted)
        _field(words("sign_in.name"), "name", kind="text", complete="username", focus=True)
        _field(words("sign_in.password"), "password", complete="current-password")
        _submit(words("sign_in.submit"))
    taste_links(taste, request)


def _password_form(taste: Taste, request: Request, *, name: str, due: bool) -> None:
    words = taste.words
    dress(taste, words("password.title"))
    with _card(words, words("password.title")), _form(PASSWORD):
        if due:
            plain(words("password.due"), "p", "hint")
        _problem(words, request, "password")
        _hidden("username", name, complete="username")
        _field(words("password.old"), "old", complete="current-password", focus=True)
        _field(words("password.new"), "new", complete="new-password")
        _field(words("password.again"), "again", complete="new-password")
        plain(words("password.rule"), "p", "hint")
        _submit(words("password.submit"))
        if not due:
            with ui.element("a").props(f"href={BASE}/").classes("quiet-link"):
                plain(words("password.back"))
    taste_links(taste, request)


def _card(words: Words, title: str) -> ui.element:
    with ui.element("main").classes("door"):
        card = ui.element("section").classes("panel")
        with card:
            plain(words("brand"), "div", "brand")
            plain(title, "h1")
    return card


def _form(action: str) -> ui.element:
    return ui.element("form").props(f'method="post" action="{action}"').classes("stack")


def _problem(words: Words, request: Request, page: str) -> None:
    problem = request.query_params.get("problem")
    if problem in _PROBLEMS:
        plain(words(f"{page}.problem.{problem}"), "p", "problem").props('role="alert"')


def _field(
    label: str, name: str, *, kind: str = "password", complete: str, focus: bool = False
) -> None:
    with ui.element("label").classes("field"):
        plain(label)
        field = ui.element("input").props(
            f'type="{kind}" name="{name}" autocomplete="{complete}" required maxlength="256"'
        )
        if focus:
            field.props("autofocus")


def _hidden(name: str, value: str, *, complete: str = "off") -> None:
    field = ui.element("input").props(f'type="hidden" name="{name}" autocomplete="{complete}"')
    field.props["value"] = value


def _submit(label: str) -> None:
    with ui.element("button").props('type="submit"').classes("act act-main"):
        plain(label)
