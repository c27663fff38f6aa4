"""One department: its name and lead, its points row by row, and what it would leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question, ask
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.departments import place
from service.console.pages.departments.ledger import Ledger, read_earned
from service.console.panels import pairs
from service.console.people import accounts_of
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import NotFound
from service.reviews import (
    Department,
    DepartmentDraft,
    ItemFilter,
    ReviewFilter,
    ReviewState,
)
from service.reviews.lifecycle import OPEN_ITEMS

_MOST = 100
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """How much of a department goes on, as far as the visitor may see; up to 101 of each."""

    improvements: int
    reviews: int

    def __bool__(self) -> bool:
        return bool(self.improvements or self.reviews)


def register(board: Board) -> None:
    """The pages `/departments/_new` and `/departments/{department_id}`."""
    container = board.container
    departments = container.reviewing.departments

    @console_page(board, place.PLACE, place.NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.DEPARTMENT)
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            made.append(values.text("id"))
            await departments.put(principal, _draft(made[-1], values), version=0)

        async def after() -> None:
            go(visit, place.address(made[-1]), said=words("departments.saved"))

        with heading(visit, words("departments.new"), hint=words("departments.new_hint")):
            link(place.LIST, words("departments.back"), "act")
        people = await accounts_of(container.users)
        with ui.element("section").classes("panel"):
            form = Form(visit, "department-new", save=save)
            form.after = after
            with form:
                hint = words("departments.id_hint")
                form.text("id", words("departments.id"), hint=hint, required=True, longest=64)
                _draw_fields(form, visit, people)
                form.submit(words("departments.save"))

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, department_id: str) -> None:
        principal = await visit.principal()
        earned = await read_earned(board, principal, department_id)
        try:
            item: Department | None = await departments.get(department_id)
        except NotFound:
            if earned.balance is None:
                raise
            item = None  # it was deleted; what it won and lost stays
        going = await _read_open(board, principal, department_id)
        await _draw(board, visit, department_id, item, going)
        await Ledger(board, visit, department_id, earned, exists=item is not None).draw()


async def _read_open(board: Board, principal: Principal, department_id: str) -> Open:
    reviewing = board.container.reviewing
    if not principal.may(Action.READ, Resource.CAUSE_REVIEW):
        return Open(improvements=0, reviews=0)
    items = await reviewing.improvements.page(
        principal,
        ItemFilter(departments=(department_id,), states=tuple(OPEN_ITEMS)),
        limit=_MOST + 1,
    )
    reviews = await reviewing.desk.page(
        principal,
        ReviewFilter(department_id=department_id, states=(ReviewState.OPEN,)),
        limit=_MOST + 1,
    )
    return Open(improvements=len(items), reviews=len(reviews))


async def _draw(
    board: Board, visit: Visit, department_id: str, item: Department | None, going: Open
) -> None:
    words = visit.words
    title = department_id if item is None else item.name
    with heading(visit, title, hint=words("departments.one_hint")):
        link(place.LIST, words("departments.back"), "act")
        if item is not None and visit.may(Action.DELETE, Resource.DEPARTMENT):
            remove = partial(_delete, board, visit, item, going)
            button(words("departments.delete"), remove, "act-grave", key="delete")
    with ui.element("div").classes("columns"):
        with ui.element("section").classes("panel stack"):
            if item is None:
                plain(words("departments.gone"), "p")
            else:
                await _draw_form(board, visit, item)
        with ui.element("section").classes("panel stack"):
            plain(words("departments.going"), "h2")
            pairs(
                (
                    (words("departments.open_improvements"), _count(going.improvements)),
                    (words("departments.open_reviews"), _count(going.reviews)),
                )
            )
            if visit.may(Action.READ, Resource.CAUSE_REVIEW):
                with ui.element("div").classes("line"):
                    for path, key in (
                        ("improvements", "departments.to_improvements"),
                        ("reviews", "departments.to_reviews"),
                    ):
                        link(f"{BASE}/{path}?department={department_id}", words(key), "small")


def _count(found: int) -> str:
    return f"{found}" if found <= _MOST else f"> {_MOST}"


async def _draw_form(board: Board, visit: Visit, item: Department) -> None:
    words, departments = visit.words, board.container.reviewing.departments

    async def read(_principal: Principal) -> Stored:
        return _stored(await departments.get(item.id))

    async def save(principal: Principal, values: Values) -> None:
        await departments.put(principal, _draft(item.id, values), version=values.version)

    form = Form(visit, f"department-{item.id}", stored=_stored(item), save=save, reread=read)
    form.said, form.after = words("departments.saved"), place.address(item.id)
    with form:
        _draw_fields(form, visit, await accounts_of(board.container.users, item.lead))
        if visit.may(Action.EDIT, Resource.DEPARTMENT):
            form.submit(words("departments.save"))
        else:
            plain(words("departments.may_not"), "p", "soft")


def _draw_fields(form: Form, visit: Visit, people: dict[str, str]) -> None:
    words = visit.words
    form.text("name", words("departments.name"), required=True, longest=_LONGEST_NAME)
    hint = words("departments.lead_hint")
    form.choice("lead", words("departments.lead"), people, hint=hint, required=False)
    form.yes("disabled", words("departments.disabled"), hint=words("departments.disabled_hint"))


def _stored(item: Department) -> Stored:
    values = {"name": item.name, "lead": item.lead or "", "disabled": item.disabled}
    return Stored(values=values, version=item.version)


def _draft(department_id: str, values: Values) -> DepartmentDraft:
    return DepartmentDraft(
        id=department_id,
        name=values.text("name"),
        lead=values.optional("lead"),
        disabled=values.yes("disabled"),
    )


async def _delete(board: Board, visit: Visit, item: Department, going: Open) -> None:
    """Delete it; while something of it is open another department takes that over."""
    words, departments = visit.words, board.container.reviewing.departments
    others = {
        one.id: one.name
        for one in await departments.every()
        if one.id != item.id and not one.disabled
    }
    inherits = bool(going) and bool(others)
    question = Question(
        title=words("departments.delete_title", name=item.name),
        hint=words("departments.delete_heir_hint" if inherits else "departments.delete_hint"),
        confirm=words("departments.delete"),
        grave=True,
        options=others if inherits else None,
        options_label=words("departments.heir") if inherits else "",
    )
    reply = await ask(visit.client, words, question)
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        await departments.delete(principal, item.id, version=item.version, heir=reply.choice)

    said = words("departments.deleted", name=item.name)
    await settle(visit, deed, leads_to=place.LIST, said=said)
