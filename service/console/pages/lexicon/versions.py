"""Every save of the lexicon, and the way back to any of them, seen before it is gone."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from nlp.lexicon import COLUMNS
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.forms import Form, Values
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.lexicon import place
from service.console.pages.lexicon.past import draw_difference
from service.console.session import Visit
from service.console.states import empty
from service.console.theme import link, plain
from service.errors import NotFound
from service.lexicon import LexiconVersion, Record, StepBack, cells_of

_MOST_SHOWN = 200
_DIGITS = 9


def register(board: Board) -> None:
    """The pages `/lexicon/versions` and `/lexicon/versions/{number}`."""
    lexicon = board.container.lexicon

    @console_page(board, place.PLACE, "/lexicon/versions")
    async def every(visit: Visit) -> None:
        words = visit.words
        await lexicon.directory.refresh()

        async def load(_principal: Principal, query: ListQuery) -> Rows[LexiconVersion]:
            before = query.cursor if query.cursor and _is_number(query.cursor) else None
            found = await lexicon.desk.versions(
                before=None if before is None else int(before), limit=query.limit
            )
            await board.names.learn(*(item.author for item in found.items))
            return Rows(found.items, following=found.next)

        said = words(
            "lexicon.versions.serving",
            number=lexicon.directory.shelf.number,
            fingerprint=lexicon.live.version[:12],
        )
        with heading(visit, words("lexicon.versions.title"), hint=said):
            link(place.LIST, words("lexicon.back"), "act")
            link(f"{place.VERSIONS}/0", words("lexicon.versions.shipped"), "act")
        listing = Listing(
            visit,
            columns=(
                Column(
                    "number",
                    words("lexicon.versions.number"),
                    lambda item: words("lexicon.version", number=item.number),
                ),
                Column("kind", words("lexicon.versions.kind"), lambda item: _kind(visit, item)),
                Column(
                    "changes",
                    words("lexicon.versions.changes"),
                    lambda item: f"{item.changes:,}",
                    number=True,
                ),
                Column("reason", words("lexicon.reason"), lambda item: item.reason),
                Column(
                    "saved",
                    words("lexicon.saved"),
                    lambda item: place.saved_by(board, visit, item),
                ),
            ),
            load=load,
            key=lambda item: str(item.number),
            opens=lambda item: f"{place.VERSIONS}/{item.number}",
            empty=(words("lexicon.versions.empty"), words("lexicon.versions.empty_hint")),
        )
        await listing.draw()

    @console_page(board, place.PLACE, "/lexicon/versions/{number}")
    async def one(visit: Visit, number: str) -> None:
        if not _is_number(number):
            raise NotFound(f"the lexicon has no version {number[:20]!r}")
        steps = await lexicon.desk.would_roll_back(await visit.principal(), int(number))
        await lexicon.directory.refresh()
        _draw_way_back(board, visit, int(number), steps)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS


def _kind(visit: Visit, item: LexiconVersion) -> str:
    said = visit.words.choice("lexicon.saves", item.kind.value)
    if item.restored is None:
        return said
    return f"{said} → {visit.words('lexicon.version', number=item.restored)}"


def _draw_way_back(board: Board, visit: Visit, number: int, steps: Sequence[StepBack]) -> None:
    words, lexicon = visit.words, board.container.lexicon
    title = words("lexicon.version", number=number) if number else words("lexicon.versions.shipped")
    present = lexicon.directory.shelf.number
    with heading(visit, title, hint=words("lexicon.rollback.hint", number=present)):
        link(place.VERSIONS, words("lexicon.versions.title"), "act")
    if not steps:
        empty(words("lexicon.rollback.same"), words("lexicon.rollback.same_hint"))
        return
    with ui.element("section").classes("panel stack"):
        plain(words("lexicon.rollback.would", count=f"{len(steps):,}"), "h2")
        with ui.element("ul").classes("bullets"):
            for step in steps[:_MOST_SHOWN]:
                _draw_step(visit, step)
        if len(steps) > _MOST_SHOWN:
            plain(words("lexicon.rollback.more", count=len(steps) - _MOST_SHOWN), "p", "soft")
    if not visit.may(Action.EDIT, Resource.LEXICON):
        plain(words("lexicon.rollback.may_not"), "p", "soft")
        return

    async def roll_back(principal: Principal, values: Values) -> None:
        await lexicon.desk.roll_back(principal, number, reason=values.text("reason"))
        await lexicon.directory.refresh()

    with ui.element("section").classes("panel"):
        form = Form(visit, f"lexicon-rollback-{number}", save=roll_back)
    form.said, form.after = words("lexicon.rollback.done"), place.VERSIONS
    with form:
        hint = words("lexicon.rollback.what_happens")
        form.text("reason", words("lexicon.reason"), hint=hint, required=True)
        form.submit(words("lexicon.rollback.go"))


def _draw_step(visit: Visit, step: StepBack) -> None:
    words, shown = visit.words, step.after or step.before
    with ui.element("li").classes("stack tight"), ui.element("div").classes("line"):
        if shown is not None:
            link(place.entry_address(step.entry_id), shown.entry.term, "strong foreign")
            plain(words.choice("category", shown.entry.category), classes="soft")
        plain(words(f"lexicon.rollback.{_what(step)}"), classes="state")
        if step.before is not None and step.after is not None:
            _draw_differences(visit, step.before, step.after)


def _draw_differences(visit: Visit, before: Record, after: Record) -> None:
    old, new = cells_of(before.entry), cells_of(after.entry)
    with ui.element("div").classes("stack tight"):
        for column in COLUMNS:
            if old[column] != new[column]:
                draw_difference(visit, column, old[column], new[column])


def _what(step: StepBack) -> str:
    if step.after is None:
        return "goes"
    if step.before is None:
        return "comes"
    if step.before.is_active != step.after.is_active:
        return "active" if step.after.is_active else "retired"
    return "changes"
