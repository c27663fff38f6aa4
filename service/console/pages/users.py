"""Accounts of people: the list, and the page of a new one."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, NewPassword, Principal, Resource, Role, User
from service.console.board import Board
from service.console.deeds import go
from service.console.format import moment, short_time
from service.console.forms import Form, Values
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import show_secret
from service.console.pages.roles import role_options, roles_text
from service.console.pages.users_one import register_one
from service.console.pages.users_place import NEW, PLACE, address_of, state_of, status_of
from service.console.people import every_account
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.errors import InvalidInput

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new account, and that of each."""
    _register_every(board)
    _register_new(board)
    register_one(board)


def _register_every(board: Board) -> None:
    users = board.container.users

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[User]:
            principal.require(Action.READ, Resource.USER)
            wanted, role, state = query.text("q").casefold(), query.one("role"), query.one("state")
            now = visit.now()
            found = [
                item
                for item in await every_account(users)
                if wanted in item.name.casefold()
                and (role is None or role in item.roles)
                and (state is None or state == state_of(item, now))
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("users.title"), hint=words("users.hint"))
        with actions:
            link(f"{BASE}/roles", words("users.to_roles"), "act")
            if visit.may(Action.EDIT, Resource.USER):
                link(f"{BASE}{NEW}", words("users.new"), "act act-main")

        def last(item: User) -> str | None:
            if item.last_sign_in_at is None:
                return words("users.never")
            moment(visit, item.last_sign_in_at)
            return None

        states = ("active", "locked", "one_time", "disabled")
        listing = Listing(
            visit,
            columns=(
                Column("name", words("users.name"), lambda item: item.name),
                Column("roles", words("users.roles"), lambda item: roles_text(item.roles, words)),
                Column("state", words("users.state"), lambda item: _draw_state(visit, item)),
                Column("last", words("users.last"), last),
                Column(
                    "made", words("users.made"), lambda it: short_time(it.created_at, visit.zone)
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: address_of(item.id),
            filters=(
                Containing("q", words("users.name")),
                OneOf("role", words("users.role"), role_options(words)),
                OneOf(
                    "state",
                    words("users.state"),
                    {state: words.choice("users.states", state) for state in states},
                ),
            ),
            empty=(words("users.empty"), ""),
        )
        await listing.draw()


def _register_new(board: Board) -> None:
    users = board.container.users

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.USER)
        made: list[NewPassword] = []

        async def save(principal: Principal, values: Values) -> None:
            roles = [Role(value) for value in values.many("roles")]
            if not roles:
                said = words("users.no_role")
                raise InvalidInput(said, errors=[("roles", said)])
            made.append(await users.create(principal, name=values.text("name"), roles=roles))

        async def after() -> None:
            title = words("users.once", name=made[-1].user.name)
            await show_secret(visit, made[-1].password, title=title, hint=words("users.once_hint"))
            go(visit, address_of(made[-1].user.id), said=words("users.made_said"))

        heading(visit, words("users.new"), hint=words("users.new_hint"))
        with ui.element("section").classes("panel"):
            form = Form(visit, "user-new", save=save)
            form.after = after
            with form:
                hint = words("users.name_hint")
                form.text("name", words("users.name"), hint=hint, required=True, longest=64)
                options = role_options(words)
                form.many("roles", words("users.roles"), options, hint=words("users.roles_hint"))
                form.submit(words("users.make"))


def _draw_state(visit: Visit, item: User) -> None:
    sign, said, classes = status_of(visit, item)
    plain(f"{sign} {said}", classes=classes)
