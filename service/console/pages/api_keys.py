"""API keys: which programs may come in, as what, and when they last did."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, ApiKey, NewApiKey, Principal, Resource, Role
from service.console.board import Board
from service.console.deeds import go
from service.console.format import moment, short_time
from service.console.forms import Form, Stored, Values
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.api_keys_one import register_one
from service.console.pages.api_keys_place import (
    NEW,
    PLACE,
    STATES,
    address_of,
    every_key,
    find_key,
    state_of,
    status_of,
)
from service.console.pages.catalogue_acts import show_secret
from service.console.pages.roles import role_options, roles_text
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.errors import InvalidInput

__all__ = ["PLACE", "register"]


def register(board: Board) -> None:
    """The list, the page of a new key, and that of each."""
    _register_every(board)
    _register_new(board)
    register_one(board)


def _register_every(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[ApiKey]:
            wanted, role, state = query.text("q").casefold(), query.one("role"), query.one("state")
            now = visit.now()
            found = [
                item
                for item in await every_key(container.keys, principal)
                if wanted in f"{item.name}\n{item.prefix}".casefold()
                and (role is None or role in item.roles)
                and (state is None or state == state_of(item, now))
            ]
            found.sort(key=lambda item: item.created_at, reverse=True)
            await board.names.learn(*(item.created_by for item in found))
            return Rows.cut(found, query)

        actions = heading(visit, words("api_keys.title"), hint=words("api_keys.hint"))
        if visit.may(Action.EDIT, Resource.API_KEY):
            with actions:
                link(f"{BASE}{NEW}", words("api_keys.new"), "act act-main")
        states = {state: words.choice("api_keys.states", state) for state in STATES}
        listing = Listing(
            visit,
            columns=(
                Column("name", words("api_keys.name"), _draw_name),
                Column("roles", words("api_keys.roles"), lambda it: roles_text(it.roles, words)),
                Column("state", words("api_keys.state"), lambda item: _draw_state(visit, item)),
                Column("used", words("api_keys.used"), lambda item: _draw_used(visit, item)),
                Column("ends", words("api_keys.ends"), lambda item: _draw_end(visit, item)),
                Column("made", words("api_keys.made"), lambda item: _made(visit, board, item)),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: address_of(item.id),
            filters=(
                Containing("q", words("api_keys.search")),
                OneOf("state", words("api_keys.state"), states),
                OneOf("role", words("api_keys.role"), role_options(words)),
            ),
            empty=(words("api_keys.empty"), words("api_keys.empty_hint")),
        )
        await listing.draw()


def _register_new(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        principal = visit.session.principal
        principal.require(Action.EDIT, Resource.API_KEY)
        replaced = visit.query.get("instead_of", "")[:40]
        old = await find_key(container.keys, principal, replaced) if replaced else None
        made: list[NewApiKey] = []

        async def save(principal: Principal, values: Values) -> None:
            roles = [Role(value) for value in values.many("roles")]
            if not roles:
                said = words("api_keys.no_role")
                raise InvalidInput(said, errors=[("roles", said)])
            made.append(
                await container.keys.create(
                    principal,
                    name=values.text("name"),
                    roles=roles,
                    expires_at=values.instant("expires_at"),
                )
            )

        async def after() -> None:
            key = made[-1]
            title = words("api_keys.once", name=key.key.name)
            await show_secret(visit, key.token, title=title, hint=words("api_keys.once_hint"))
            said = words("api_keys.made_said") if old is None else words("api_keys.replaced_said")
            go(visit, address_of(key.key.id if old is None else old.id), said=said)

        if old is None:
            heading(visit, words("api_keys.new"), hint=words("api_keys.new_hint"))
            start = Stored()
        else:
            title = words("api_keys.replace_title", name=old.name)
            heading(visit, title, hint=words("api_keys.replace_hint"))
            start = Stored(values={"name": old.name, "roles": [role.value for role in old.roles]})
        with ui.element("section").classes("panel"):
            name = "key-new" if old is None else f"key-instead-of-{old.id}"
            form = Form(visit, name, stored=start, save=save)
            form.after = after
            with form:
                hint = words("api_keys.name_hint")
                form.text("name", words("api_keys.name"), hint=hint, required=True, longest=100)
                options = role_options(words)
                roles_hint = words("api_keys.roles_hint")
                form.many("roles", words("api_keys.roles"), options, hint=roles_hint)
                ends_hint = words("api_keys.ends_hint")
                form.instant("expires_at", words("api_keys.ends"), hint=ends_hint)
                form.submit(words("api_keys.make"))


def _draw_name(item: ApiKey) -> None:
    plain(item.name, classes="strong foreign")
    plain(f"fsk_{item.prefix}_…", "div", "soft small code")


def _draw_state(visit: Visit, item: ApiKey) -> None:
    said, classes = status_of(visit, item)
    plain(said, classes=classes)


def _draw_used(visit: Visit, item: ApiKey) -> str | None:
    if item.last_used_at is None:
        return visit.words("api_keys.never")
    moment(visit, item.last_used_at)
    return None


def _draw_end(visit: Visit, item: ApiKey) -> str | None:
    if item.expires_at is None:
        return visit.words("api_keys.no_end")
    moment(visit, item.expires_at)
    return None


def _made(visit: Visit, board: Board, item: ApiKey) -> None:
    words = visit.words
    made_by = words.choice("actor", item.created_by)
    if made_by == item.created_by:
        made_by = board.names.of(item.created_by)
    plain(made_by, "div", "foreign")
    plain(short_time(item.created_at, visit.zone), "div", "soft small nowrap")
