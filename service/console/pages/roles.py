"""Roles: who may do what, in words, out of the table that the server itself asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nicegui import ui

from service.auth import PERMISSIONS, Action, Principal, Resource, Role
from service.console.board import Board
from service.console.i18n import Words
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import link, plain

PLACE = Place(name="roles", path="/roles", section=Section.SETTINGS)
"""Open to everybody who is signed in: whoever is refused can see whom to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One line of the table: some roles may do it with that kind of data."""

    action: Action
    resource: Resource
    roles: frozenset[Role]


def role_options(words: Words) -> dict[str, str]:
    """Every role by its value, as the choices of a form or a filter."""
    return {role.value: words.choice("user_role", role.value) for role in Role}


def roles_text(roles: Iterable[Role], words: Words) -> str:
    """Roles in words, in the order of the table; a dash where there is none."""
    held = set(roles)
    named = [words.choice("user_role", role.value) for role in Role if role in held]
    return words("list.comma").join(named) or "–"


def register(board: Board) -> None:
    """The page `/roles`."""

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        resources = {item.value: words.choice("roles.resources", item.value) for item in Resource}

        async def load(principal: Principal, query: ListQuery) -> Rows[Grant]:
            wanted = query.text("q").casefold()
            role, resource = query.one("role"), query.one("resource")
            found = [
                item
                for item in _grants()
                if (role is None or role in item.roles)
                and (resource is None or resource == item.resource)
                and wanted in f"{resources[item.resource.value]}\n{_deed(item, words)}".casefold()
            ]
            return Rows.cut(found, query)

        heading(visit, words("roles.title"), hint=words("roles.hint"))
        _draw_roles(visit)
        plain(words("roles.table"), "h2")
        listing = Listing(
            visit,
            columns=(
                Column("resource", words("roles.data"), lambda it: resources[it.resource.value]),
                Column("deed", words("roles.deed"), lambda item: _deed(item, words)),
                Column("roles", words("roles.may"), lambda item: roles_text(item.roles, words)),
                Column("you", words("roles.you"), lambda item: _own(visit, item)),
            ),
            load=load,
            key=lambda item: f"{item.action}-{item.resource}",
            page_size=len(PERMISSIONS),
            filters=(
                Containing("q", words("roles.search")),
                OneOf("role", words("roles.role"), role_options(words)),
                OneOf("resource", words("roles.data"), resources),
            ),
        )
        await listing.draw()


def _grants() -> list[Grant]:
    """The table, a kind of data after the other."""
    actions, resources = list(Action), list(Resource)
    return sorted(
        (
            Grant(action=action, resource=resource, roles=roles)
            for (action, resource), roles in PERMISSIONS.items()
        ),
        key=lambda item: (resources.index(item.resource), actions.index(item.action)),
    )


def _deed(item: Grant, words: Words) -> str:
    """What may be done; some pairs mean more than their action alone would say."""
    particular = f"roles.particular.{item.action.value}_{item.resource.value}"
    if particular in words.keys:
        return words.raw(particular)
    return words.choice("roles.actions", item.action.value)


def _own(visit: Visit, item: Grant) -> str:
    may = visit.may(item.action, item.resource)
    return f"✓ {visit.words('roles.yes')}" if may else f"– {visit.words('roles.no')}"


def _draw_roles(visit: Visit) -> None:
    """What each role is for, and how much it may; the visitor's own are marked."""
    words, own = visit.words, visit.session.user.roles
    sees_users = visit.may(Action.READ, Resource.USER)
    with ui.element("div").classes("choices"):
        for role in Role:
            count = sum(role in roles for roles in PERMISSIONS.values())
            with ui.element("section").classes("panel tight"):
                with ui.element("div").classes("line"):
                    plain(words.choice("user_role", role.value), "h2")
                    if role in own:
                        plain(f"✓ {words('roles.yours')}", classes="state")
                plain(words.choice("roles.about", role.value), "p")
                with ui.element("div").classes("line"):
                    address = f"{BASE}/roles?role={role.value}"
                    link(address, words("roles.count", count=count), "small")
                    if sees_users:
                        link(f"{BASE}/users?role={role.value}", words("roles.people"), "small")
