"""Every entry, found by what it says, is about, and where it comes from; and a text tried out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from nlp import Hit
from nlp.lexicon import CATEGORIES
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.marked import marked
from service.console.page import console_page, heading
from service.console.pages.lexicon import place
from service.console.panels import small_table
from service.console.session import Visit
from service.console.theme import link, plain, put
from service.lexicon import EntryFilter, EntrySort, EntryState, Origin, Record, page_of

_EVERY = 1_000_000
_LONGEST = 5_000
"""Characters of a text that is tried out on the page."""


def register(board: Board) -> None:
    """The page `/lexicon`."""
    lexicon = board.container.lexicon

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        await lexicon.directory.refresh()

        async def load(_principal: Principal, query: ListQuery) -> Rows[Record]:
            await lexicon.directory.refresh()
            found = _found(lexicon.directory.shelf.records.values(), query)
            rows = Rows.cut(found, query)
            saves = (item.save.author for item in rows.items if item.save is not None)
            await board.names.learn(*saves)
            return rows

        number = lexicon.directory.shelf.number
        active = sum(item.is_active for item in lexicon.directory.shelf.records.values())
        serving = words("lexicon.serving", number=number, active=f"{active:,}")
        with heading(visit, words("lexicon.title"), hint=serving):
            if visit.may(Action.EDIT, Resource.LEXICON):
                link(place.ADD, words("lexicon.add"), "act act-main")
                link(place.IMPORT, words("lexicon.import.title"), "act")
            link(place.VERSIONS, words("lexicon.versions.title"), "act")
        Trying(board, visit).draw()
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.entry.id,
            opens=lambda item: place.entry_address(item.entry.id),
            filters=_filters(board, visit),
            sort=EntrySort.SAVED.value,
            empty=(words("lexicon.empty"), words("lexicon.empty_hint")),
        )
        await listing.draw()


def _found(records: Iterable[Record], query: ListQuery) -> list[Record]:
    severity, state, origin = query.one("severity"), query.one("state"), query.one("origin")
    wanted = EntryFilter(
        category=query.one("category"),
        severity=None if severity is None else int(severity),
        state=None if state is None else EntryState(state),
        origin=None if origin is None else Origin(origin),
        text=query.text("q") or None,
    )
    sort = EntrySort(query.sort or EntrySort.SAVED.value)
    found = page_of(records, wanted, sort=sort, limit=_EVERY).items
    return list(reversed(found) if query.descending else found)


def _columns(board: Board, visit: Visit) -> tuple[Column[Record], ...]:
    words, scenarios = visit.words, board.scenario_names(visit.words)

    def last_saved(record: Record) -> str:
        save = record.save
        return "–" if save is None else place.saved_by(board, visit, save)

    return (
        Column("term", words("lexicon.term"), lambda item: item.entry.term, sortable=True),
        Column(
            "category",
            words("lexicon.category"),
            lambda item: words.choice("category", item.entry.category),
            sortable=True,
        ),
        Column(
            "severity",
            words("lexicon.severity.title"),
            lambda item: place.severity(words, item.entry.severity),
            sortable=True,
        ),
        Column("state", words("lexicon.state"), lambda item: place.state_of(words, item)),
        Column(
            "scenario",
            words("lexicon.scenario"),
            lambda item: scenarios.get(item.entry.scenario or "", "–"),
        ),
        Column(
            "origin",
            words("lexicon.origin"),
            lambda item: words.choice("lexicon.origins", item.origin.value),
        ),
        Column("saved", words("lexicon.saved"), last_saved, sortable=True),
    )


def _filters(board: Board, visit: Visit) -> tuple[Containing | OneOf, ...]:
    words = visit.words
    return (
        Containing("q", words("lexicon.search")),
        OneOf("category", words("lexicon.category"), categories(visit)),
        OneOf("severity", words("lexicon.severity.title"), place.severities(words)),
        OneOf(
            "state",
            words("lexicon.state"),
            {item.value: words.choice("lexicon.states", item.value) for item in EntryState},
        ),
        OneOf(
            "origin",
            words("lexicon.origin"),
            {item.value: words.choice("lexicon.origins", item.value) for item in Origin},
        ),
    )


def categories(visit: Visit) -> dict[str, str]:
    """Every category with its word, in the order of the words."""
    named = {name: visit.words.choice("category", name) for name in CATEGORIES}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


class Trying:
    """A text of one's own, and which entries are in it."""

    def __init__(self, board: Board, visit: Visit) -> None:
        self._live = board.container.lexicon.live
        self._visit = visit
        self._text = ""
        self._hits: tuple[Hit, ...] | None = None

    def draw(self) -> None:
        """A box, a button, and what was found."""
        words = self._visit.words
        with ui.element("details").classes("panel trying"):
            plain(words("lexicon.try.title"), "summary", "strong")
            with put(ui.element("form"), novalidate="").classes("form"):
                with ui.element("div").classes("field"):
                    put(plain(words("lexicon.try.hint"), "label", "name"), for_="trying")
                    put(ui.element("textarea"), id="trying", name="text", rows="3")
                pressed = put(ui.element("button"), type="button", data_key="try-text")
                pressed.classes("act").on(
                    "click",
                    self._try,
                    js_handler="(event) => emit(window.fengsui.collect(event.currentTarget.form))",
                )
                with pressed:
                    plain(words("lexicon.try.go"))
            self._shown()

    async def _try(self, event: GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, dict) else {}
        self._text = str(sent.get("text", ""))[:_LONGEST]
        self._hits = await asyncio.to_thread(self._live.current.match, self._text)
        self._shown.refresh()

    @ui.refreshable_method
    def _shown(self) -> None:
        words = self._visit.words
        with put(ui.element("div"), role="status").classes("stack"):
            if self._hits is None:
                return
            if not self._hits:
                plain(words("lexicon.try.nothing"), "p", "soft")
                return
            counted = [(hit.start, hit.end) for hit in self._hits if hit.suppressed_by is None]
            with ui.element("p").classes("quote foreign"):
                for piece, is_hit in marked(self._text, counted):
                    plain(piece, "mark" if is_hit else "span", "foreign")
            small_table(
                [words(f"lexicon.try.{name}") for name in ("entry", "category", "why")],
                [
                    (
                        partial(link, place.entry_address(hit.entry_id), hit.term),
                        words.choice("category", hit.category),
                        self._why(hit),
                    )
                    for hit in self._hits
                ],
                caption=words("lexicon.try.title"),
            )

    def _why(self, hit: Hit) -> str:
        words = self._visit.words
        if hit.suppressed_by is not None:
            return words("lexicon.try.suppressed", why=hit.suppressed_by)
        if hit.evasion is not None:
            return words("lexicon.try.evasion", how=hit.evasion)
        return words("lexicon.try.counts")
