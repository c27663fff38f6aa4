"""A new source: first its kind, then the settings that the kind declares."""

from __future__ import annotations

from nicegui import ui

from crawlers import Basis, kinds
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.schema_fields import stored_settings
from service.console.pages.sources.fields import (
    USUAL_INTERVAL_S,
    at_secrets,
    draw_about,
    draw_fields,
    known_settings,
    read_source,
)
from service.console.pages.sources.place import NEW, PLACE, address_of
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.errors import InvalidInput


def register_new(board: Board) -> None:
    """The page `/sources/_new`, with `?kind=` once one was chosen."""
    container = board.container

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.SOURCE)
        kind = visit.query.get("kind", "")
        if kind not in kinds():
            heading(visit, words("sources.new"), hint=words("sources.new_hint"))
            _draw_kinds(visit)
            return
        settings = known_settings(kind)
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            draft = read_source(values.text("id"), kind, settings, values, words, before=None)
            try:
                await container.sources.put(principal, draft, version=0)
            except InvalidInput as error:
                raise at_secrets(error, settings) from error
            made.append(draft.id)

        async def after() -> None:
            go(visit, address_of(made[-1]), said=words("sources.saved_new"))

        heading(visit, words("sources.new_of", kind=words.choice("sources.kinds", kind)))
        with ui.element("section").classes("panel stack"):
            draw_about(words, kinds()[kind])
            start = stored_settings(settings, {})
            start |= {"interval_s": USUAL_INTERVAL_S, "enabled": True}
            form = Form(visit, f"source-new-{kind}", stored=Stored(values=start), save=save)
            form.after = after
            with form:
                hint = words("sources.id_hint")
                form.text("id", words("sources.id"), hint=hint, required=True, longest=64)
                draw_fields(form, words, settings, item=None)
                form.submit(words("sources.save"))


def _draw_kinds(visit: Visit) -> None:
    """Every kind under the right by which it reads."""
    words = visit.words
    for basis in Basis:
        every = [(name, kind) for name, kind in sorted(kinds().items()) if kind.basis is basis]
        if not every:
            continue
        with ui.element("section").classes("stack"):
            plain(words.choice("setting.option", basis.value), "h2")
            if basis is Basis.UNOFFICIAL:
                plain(words("sources.unofficial"), "p", "soft small")
            with ui.element("div").classes("choices"):
                for name, _ in every:
                    with ui.element("div").classes("panel tight"):
                        title = words.choice("sources.kinds", name)
                        link(f"{BASE}{NEW}?kind={name}", title, "strong")
                        plain(name, "span", "code soft small")
