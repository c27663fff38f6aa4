"""One account: its roles, a new one-time password, its sessions, and whether it is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from service.auth import Action, NewPassword, Principal, Resource, Role, User
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle, show_secret
from service.console.pages.roles import role_options, roles_text
from service.console.pages.users_place import PLACE, address_of, status_of
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import Conflict


def register_one(board: Board) -> None:
    """The page `/users/{user_id}`."""
    users = board.container.users

    @console_page(board, PLACE, "/users/{user_id}")
    async def one(visit: Visit, user_id: str) -> None:
        words = visit.words

        async def read(principal: Principal) -> Stored:
            principal.require(Action.READ, Resource.USER)
            return _stored(await users.get(user_id))

        async def save(principal: Principal, values: Values) -> None:
            roles = [Role(value) for value in values.many("roles")]
            if values.version is None:
                raise Conflict(words("users.no_version"))
            await users.set_roles(principal, user_id, roles=roles, version=values.version)

        item = await users.get(user_id)
        edits = visit.may(Action.EDIT, Resource.USER)
        own = user_id == visit.session.user.id
        actions = heading(visit, item.name, hint=item.id)
        with actions:
            sign, said, classes = status_of(visit, item)
            plain(f"{sign} {said}", classes=classes)
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel column"):
                plain(words("users.roles"), "h2")
                if own:
                    plain(words("users.own"), "p", "soft")
                stored = _stored(item)
                form = Form(visit, f"user-{user_id}", stored=stored, save=save, reread=read)
                form.said, form.after = words("users.saved"), address_of(user_id)
                with form:
                    options = role_options(words)
                    hint = words("users.roles_hint")
                    form.many("roles", words("users.roles"), options, hint=hint)
                    if edits:
                        form.submit(words("users.save"))
                link(f"{BASE}/roles", words("users.to_roles"), "small")
            with ui.element("div").classes("stack column"):
                _draw_facts(visit, item)
                if edits:
                    _draw_acts(visit, board, item)


def _stored(item: User) -> Stored:
    return Stored(values={"roles": [role.value for role in item.roles]}, version=item.version)


def _draw_facts(visit: Visit, item: User) -> None:
    words = visit.words
    with ui.element("section").classes("panel tight"):
        plain(words("users.account"), "h2")
        for label, instant in (
            (words("users.last"), item.last_sign_in_at),
            (words("users.made"), item.created_at),
        ):
            with ui.element("div").classes("line"):
                plain(label, classes="soft")
                if instant is None:
                    plain(words("users.never"))
                else:
                    moment(visit, instant)
        with ui.element("div").classes("line"):
            plain(words("users.roles"), classes="soft")
            plain(roles_text(item.roles, words))
        if visit.may(Action.READ, Resource.AUDIT):
            about = f"{BASE}/audit?type=user&id={item.id}"
            link(about, words("users.trail_about"), "small")
            link(f"{BASE}/audit?actor={item.id}", words("users.trail_by"), "small")


def _draw_acts(visit: Visit, board: Board, item: User) -> None:
    words = visit.words
    acts: list[tuple[str, Callable[..., Awaitable[None]], str]] = [
        ("reset", _reset, ""),
        ("sign_out", _sign_out, ""),
        ("enable", _enable, "") if item.disabled else ("disable", _disable, "act-grave"),
    ]
    with ui.element("section").classes("panel stack"):
        plain(words("users.acts"), "h2")
        for name, act, look in acts:
            with ui.element("div").classes("tight"):
                with ui.element("div").classes("line"):
                    key = name.replace("_", "-")
                    button(words(f"users.{name}"), partial(act, visit, board, item), look, key=key)
                plain(words(f"users.{name}_hint"), "p", "soft small")


async def _reset(visit: Visit, board: Board, item: User) -> None:
    words = visit.words
    question = Question(
        title=words("users.reset_title", name=item.name),
        hint=words("users.reset_ask"),
        confirm=words("users.reset"),
        grave=True,
    )
    if await ask(visit.client, words, question) is None:
        return
    made: list[NewPassword] = []

    async def deed(principal: Principal) -> None:
        made.append(await board.container.users.reset(principal, item.id))

    if await attempt(visit, deed):
        title = words("users.once", name=item.name)
        await show_secret(visit, made[-1].password, title=title, hint=words("users.once_hint"))
        go(visit, address_of(item.id), said=words("users.reset_said"))


async def _sign_out(visit: Visit, board: Board, item: User) -> None:
    words = visit.words
    question = Question(
        title=words("users.sign_out_title", name=item.name),
        hint=words("users.sign_out_ask"),
        confirm=words("users.sign_out"),
    )
    await _done(visit, item, board.container.users.sign_out, words("users.signed_out"), question)


async def _disable(visit: Visit, board: Board, item: User) -> None:
    words = visit.words
    question = Question(
        title=words("users.disable_title", name=item.name),
        hint=words("users.disable_ask"),
        confirm=words("users.disable"),
        grave=True,
    )
    shut = partial(board.container.users.set_disabled, disabled=True)
    await _done(visit, item, shut, words("users.disabled"), question)


async def _enable(visit: Visit, board: Board, item: User) -> None:
    open_again = partial(board.container.users.set_disabled, disabled=False)
    await _done(visit, item, open_again, visit.words("users.enabled"), None)


async def _done(
    visit: Visit,
    item: User,
    act: Callable[[Principal, str], Awaitable[User]],
    said: str,
    question: Question | None,
) -> None:
    async def deed(principal: Principal) -> None:
        await act(principal, item.id)

    await settle(visit, deed, question=question, leads_to=address_of(item.id), said=said)
