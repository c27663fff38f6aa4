"""Brands: ours and competitors', with the names under which people write of them."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.monitors import Brand, BrandDraft, BrandKind

NEW = "/brands/_new"
"""No brand's id: those begin with a letter or a digit."""

PLACE = Place(
    name="brands",
    path="/brands",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.BRAND),
    deeper=(NEW, "/brands/{brand_id}"),
)
_SHOWN = 6


def register(board: Board) -> None:
    """The list, the page of a new one, and that of each."""
    _register_every(board)
    _register_new(board)
    _register_one(board)


def _register_every(board: Board) -> None:
    brands = board.container.brands

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        kinds = _kinds(words)

        async def load(_principal: Principal, query: ListQuery) -> Rows[Brand]:
            wanted, kind = query.text("q").casefold(), query.one("kind")
            found = [
                item
                for item in await brands.every()
                if wanted in "\n".join((item.name, *item.aliases)).casefold()
                and kind in (None, "", item.kind.value)
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("brands.title"), hint=words("brands.hint"))
        if visit.may(Action.EDIT, Resource.BRAND):
            with actions:
                link(f"{BASE}{NEW}", words("brands.new"), "act act-main")
        listing = Listing(
            visit,
            columns=(
                Column("name", words("brands.name"), lambda item: item.name),
                Column("kind", words("brands.kind"), lambda item: kinds[item.kind.value]),
                Column("aliases", words("brands.aliases"), lambda item: _aliases(item, words)),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: f"{BASE}/brands/{item.id}",
            filters=(
                Containing("q", words("brands.name")),
                OneOf("kind", words("brands.kind"), kinds),
            ),
            empty=(words("brands.empty"), words("brands.empty_hint")),
        )
        await listing.draw()


def _register_new(board: Board) -> None:
    brands = board.container.brands

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.BRAND)
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            made.append(values.text("id"))
            await brands.put(principal, _draft(made[-1], values), version=0)

        async def after() -> None:
            go(visit, f"{BASE}/brands/{made[-1]}", said=words("brands.saved"))

        heading(visit, words("brands.new"), hint=words("brands.new_hint"))
        start = Stored(values={"kind": BrandKind.OWN.value})
        with ui.element("section").classes("panel"):
            form = Form(visit, "brand-new", stored=start, save=save)
            form.after = after
            with form:
                hint = words("brands.id_hint")
                form.text("id", words("brands.id"), hint=hint, required=True, longest=64)
                _draw_fields(form, words)
                form.submit(words("brands.save"))


def _register_one(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, "/brands/{brand_id}")
    async def one(visit: Visit, brand_id: str) -> None:
        words = visit.words

        async def read(_principal: Principal) -> Stored:
            item = await container.brands.get(brand_id)
            values = {"name": item.name, "kind": item.kind.value, "aliases": item.aliases}
            return Stored(values=values, version=item.version)

        async def save(principal: Principal, values: Values) -> None:
            draft = _draft(brand_id, values)
            await container.brands.put(principal, draft, version=values.version)

        item = await container.brands.get(brand_id)
        watching = [each for each in await container.monitors.every() if each.brand_id == brand_id]
        actions = heading(visit, item.name, hint=item.id)
        if visit.may(Action.DELETE, Resource.BRAND):
            with actions:
                remove = partial(_delete, visit, board, item)
                button(words("brands.delete"), remove, "act-grave", key="delete")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel column"):
                stored = await read(await visit.principal())
                form = Form(visit, f"brand-{brand_id}", stored=stored, save=save, reread=read)
                form.said, form.after = words("brands.saved"), f"{BASE}/brands"
                with form:
                    _draw_fields(form, words)
                    if visit.may(Action.EDIT, Resource.BRAND):
                        form.submit(words("brands.save"))
            with ui.element("section").classes("panel stack column"):
                plain(words("brands.monitors"), "h2")
                if not watching:
                    plain(words("brands.unwatched"), "p", "soft")
                for monitor in watching:
                    link(f"{BASE}/monitors/{monitor.id}", monitor.name, "foreign")


def _kinds(words: Words) -> dict[str, str]:
    return {kind.value: words.choice("brands.kinds", kind.value) for kind in BrandKind}


def _aliases(item: Brand, words: Words) -> str:
    shown = words("list.comma").join(item.aliases[:_SHOWN])
    more = len(item.aliases) - _SHOWN
    return f"{shown} +{more}" if more > 0 else shown or "–"


def _draw_fields(form: Form, words: Words) -> None:
    form.text("name", words("brands.name"), required=True, longest=200)
    form.choice("kind", words("brands.kind"), _kinds(words))
    form.lines("aliases", words("brands.aliases"), hint=words("brands.aliases_hint"))


def _draft(brand_id: str, values: Values) -> BrandDraft:
    return BrandDraft(
        id=brand_id,
        name=values.text("name"),
        kind=BrandKind(values.text("kind")),
        aliases=values.lines("aliases"),
    )


async def _delete(visit: Visit, board: Board, item: Brand) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.brands.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("brands.delete_title", name=item.name),
        hint=words("brands.delete_hint"),
        confirm=words("brands.delete"),
        grave=True,
    )
    said = words("brands.deleted", name=item.name)
    await settle(visit, deed, question=question, leads_to=f"{BASE}/brands", said=said)
