"""One briefing: as it will be read, what people write in it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from service.auth import Action
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.page import console_page, heading
from service.console.pages.briefings import place
from service.console.pages.briefings.acting import draw_life, draw_taking
from service.console.pages.briefings.sending import draw_sendings
from service.console.pages.briefings.sheet import BriefingSheet, Opened, read_briefing
from service.console.pages.briefings.shown import draw_shown
from service.console.pages.briefings.writing import EDITABLE, Writing, draw_order
from service.console.session import Visit
from service.console.theme import button, link, plain, put

_LIVE_S = 4.0

_Shows = Callable[[Opened], object]


def register(board: Board) -> None:
    """The page `/briefings/{briefing_id}`."""

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, briefing_id: str) -> None:
        opened = await read_briefing(board, await visit.principal(), briefing_id)
        BriefingPage(board, visit, opened).build()


class BriefingPage(BriefingSheet):
    """The sheet as it is drawn."""

    def __init__(self, board: Board, visit: Visit, opened: Opened) -> None:
        super().__init__(board, visit, opened)
        self._writing = Writing(self)
        self._parts: list[tuple[ui.element, Callable[[], object], _Shows]] = []
        self._news: ui.element | None = None

    def build(self) -> None:
        """Draw everything once; afterwards only what has changed, and never what is typed."""
        with heading(self.visit, place.title_of(self.board.container, self.briefing)):
            draw_taking(self)
            link(place.LIST, self.words("briefings.back"), "act")
        self._news = put(ui.element("div"), role="status", aria_live="polite").classes("piece")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column stack"):
                self._part(lambda: draw_shown(self.words, self.view), lambda it: it.file)
            with ui.element("div").classes("column stack beside-briefing"):
                self._part(lambda: draw_life(self), lambda it: (it.file.briefing, it.channels))
                self._part(lambda: draw_sendings(self), lambda it: (it.sendings, it.file.briefing))
                if self.may(Action.EDIT):
                    self._part(lambda: draw_order(self), lambda it: it.file.briefing)
                    self._part(self._writing.draw, lambda it: it.file.briefing.state in EDITABLE)
        keep_fresh(self.visit, _LIVE_S, self._look)

    def _part(self, draw: Callable[[], object], shows: _Shows) -> None:
        part = ui.element("div").classes("piece")
        self._parts.append((part, draw, shows))
        with part:
            draw()

    async def _look(self) -> None:
        before = self.briefing.version
        await self.reread(await self.visit.principal())
        if self.briefing.version != before:
            self._tell()

    def _tell(self) -> None:
        """Say who changed it meanwhile; what the visitor is typing stays as it is."""
        item = self.briefing
        by = item.discarded_by or item.delivered_by or item.approved_by or item.edited_by
        if self._news is None or by is None or by == self.visit.session.principal.id:
            return
        self._news.clear()
        with self._news, ui.element("div").classes("banner"):
            plain(self.words("together.news"), "b")
            plain(self.name_of(by), classes="foreign")
            plain(self.words.choice("briefings.states", item.state.value), classes="state")
            button(self.words("together.read"), self._news.clear, "act-small", key="news-read")

    def redraw(self, before: Opened) -> None:
        for part, draw, shows in self._parts:
            if shows(before) != shows(self.opened):
                part.clear()
                with part:
                    draw()
        self._writing.follow()
