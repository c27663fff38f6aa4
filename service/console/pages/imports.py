"""Files of posts: looked at with every mistake named, then stored in the background."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import moment, short_time
from service.console.i18n import Words
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.imports_intake import draw_intake
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import plain, put
from service.ingest.imports import ImportRun, ImportState

PLACE = Place(
    name="imports",
    path="/imports",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.POST),
    deeper=("/imports/{import_id}",),
)


def register(board: Board) -> None:
    """The pages `/imports` and `/imports/{import_id}`."""
    _register_every(board)
    _register_one(board)


def _register_every(board: Board) -> None:
    imports = board.container.imports

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(_principal: Principal, query: ListQuery) -> Rows[ImportRun]:
            found = await imports.page(after=position_of(query.cursor), limit=query.limit)
            following = None
            if found.next is not None:
                last = found.items[-1]
                following = cursor_of((last.created_at, last.id))
            return Rows(found.items, following=following)

        heading(visit, words("imports.title"), hint=words("imports.hint"))
        if visit.may(Action.EDIT, Resource.POST):
            with ui.element("section").classes("panel stack"):
                plain(words("imports.new"), "h2")
                plain(words("imports.new_hint"), "p", "soft small")
                draw_intake(visit, board)
        listing = Listing(
            visit,
            columns=(
                Column("file", words("imports.file"), lambda item: item.file),
                Column("state", words("imports.state"), lambda item: _state(item, words)),
                Column(
                    "posts", words("imports.posts"), lambda item: f"{item.posts:,}", number=True
                ),
                Column(
                    "rejected",
                    words("imports.rejected"),
                    lambda item: f"{item.rejected:,}",
                    number=True,
                ),
                Column(
                    "at", words("imports.at"), lambda item: short_time(item.created_at, visit.zone)
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: f"{BASE}/imports/{item.id}",
            empty=(words("imports.empty"), words("imports.empty_hint")),
        )
        await listing.draw()


def _register_one(board: Board) -> None:
    imports = board.container.imports

    @console_page(board, PLACE, "/imports/{import_id}")
    async def one(visit: Visit, import_id: str) -> None:
        words = visit.words
        item = await imports.get(import_id)
        heading(visit, item.file, hint=item.id)
        with ui.element("section").classes("panel stack") as place:
            _draw_run(visit, item)
        drawn = [item]

        async def look_again() -> None:
            if drawn[-1].state is not ImportState.RUNNING:
                return
            now = await imports.get(import_id)
            if now != drawn[-1]:
                drawn.append(now)
                place.clear()
                with place:
                    _draw_run(visit, now)

        if item.state is ImportState.RUNNING:
            keep_fresh(visit, 1.0, look_again)
        with ui.element("section").classes("panel stack"):
            plain(words("imports.problems", count=item.rejected), "h2")
            if not item.problems:
                plain(words("imports.no_problems"), "p", "soft")
            else:
                with ui.element("ul").classes("plain-list tight"):
                    for where, reason in item.problems:
                        plain(f"{where}: {reason}", "li", "small foreign")


def _draw_run(visit: Visit, item: ImportRun) -> None:
    words = visit.words
    with ui.element("div").classes("line"):
        plain(_state(item, words), classes="strong")
        moment(visit, item.finished_at or item.created_at)
    told = words("imports.progress", done=f"{item.done:,}", posts=f"{item.posts:,}")
    put(plain(told, "p"), role="status")
    bar = put(ui.element("progress"), aria_label=words("imports.state")).classes("progress")
    put(bar, value=str(item.done), max=str(max(item.posts, 1)))
    if item.changes:
        said = words("list.comma").join(
            f"{words.choice('imports.change', name)} {count:,}"
            for name, count in sorted(item.changes.items())
        )
        plain(said, "p", "soft small")
    if item.reason:
        plain(item.reason, "p", "problem foreign")


def _state(item: ImportRun, words: Words) -> str:
    return words.choice("imports.states", item.state.value)
