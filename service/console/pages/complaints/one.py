"""One complaint: what the person wrote, what they wait for, and what is said to them."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from service.auth import Action
from service.complaints import ComplaintFile
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.page import console_page, heading
from service.console.pages.complaints import place
from service.console.pages.complaints.acts import draw_acts
from service.console.pages.complaints.past import draw_clocks, draw_facts, draw_past, draw_thread
from service.console.pages.complaints.saying import Saying, draw_rating
from service.console.pages.complaints.sheet import ComplaintSheet, read_complaint
from service.console.session import Visit
from service.console.theme import button, link, plain, put

_LIVE_S = 3.0
_Shows = Callable[[ComplaintFile], object]


def register(board: Board) -> None:
    """The page `/complaints/{complaint_id}`."""

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, complaint_id: str) -> None:
        file = await read_complaint(board, await visit.principal(), complaint_id)
        page = ComplaintPage(board, visit, file)
        page.monitors = await board.monitor_names()
        page.build()


class ComplaintPage(ComplaintSheet):
    """The sheet as it is drawn."""

    def __init__(self, board: Board, visit: Visit, file: ComplaintFile) -> None:
        super().__init__(board, visit, file)
        self.monitors: dict[str, str] = {}
        self._saying = Saying(self)
        self._parts: list[tuple[ui.element, Callable[[], object], _Shows]] = []
        self._news: ui.element | None = None

    def build(self) -> None:
        """Draw everything once; afterwards only what has changed, and never what is typed."""
        words = self.words
        cause = place.cause_text(self.board, words, self.complaint.cause)
        with heading(self.visit, cause, hint=self.complaint.id):
            link(place.LIST, words("complaints.back"), "act")
        self._news = put(ui.element("div"), role="status", aria_live="polite").classes("piece")
        self._part(self._draw_state, lambda it: it.complaint)
        self._part(lambda: draw_acts(self), lambda it: it.complaint)
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column stack"):
                self._part(lambda: draw_thread(self), lambda it: (it.complaint.text, it.posts))
                if self.may(Action.WORK):
                    self._part(self._saying.draw, lambda it: (it.complaint.state, it.answers))
                    self._part(lambda: draw_rating(self), lambda it: it.complaint.state)
                else:
                    plain(words("complaints.may_not"), "p", "soft")
            with ui.element("div").classes("column stack"):
                self._part(lambda: draw_facts(self, self.monitors), lambda it: it.complaint)
                self._part(lambda: draw_clocks(self), lambda it: it.clocks)
                self._part(lambda: draw_past(self), lambda it: it.history)
        keep_fresh(self.visit, _LIVE_S, self._look)

    def _part(self, draw: Callable[[], object], shows: _Shows) -> None:
        spot = ui.element("div").classes("piece")
        self._parts.append((spot, draw, shows))
        with spot:
            draw()

    def _draw_state(self) -> None:
        words, complaint = self.words, self.complaint
        with ui.element("div").classes("line"):
            plain(words.choice("complaint_state", complaint.state.value), classes="state")
            if complaint.drill:
                plain(words("complaints.drill"), classes="state")
            place.draw_wait(self.visit, complaint)
            if complaint.breaches:
                told = words("complaints.breached_times", count=complaint.breaches)
                plain(f"▲ {told}", classes="late")
            if complaint.assignee is None:
                plain(words("complaints.holders.nobody"), classes="soon")
            else:
                plain(self.name_of(complaint.assignee), classes="strong foreign")

    async def _look(self) -> None:
        before = self.complaint.version
        await self.reread(await self.visit.principal())
        if self.complaint.version != before:
            self._tell()

    def _tell(self) -> None:
        """Say who changed it meanwhile; what the visitor is typing stays as it is."""
        words = self.words
        latest = self.file.history[-1] if self.file.history else None
        if self._news is None or latest is None or latest.actor == self.principal.id:
            return
        self._news.clear()
        with self._news, ui.element("div").classes("banner news"):
            plain(words("together.news"), "b")
            plain(words.choice("complaints.events", latest.kind))
            plain(self.name_of(latest.actor), classes="foreign")
            button(words("together.read"), self._news.clear, "act-small", key="news-read")

    def redraw(self, before: ComplaintFile, *, everything: bool) -> None:
        for spot, draw, shows in self._parts:
            if everything or shows(before) != shows(self.file):
                spot.clear()
                with spot:
                    draw()
        self._saying.follow()
