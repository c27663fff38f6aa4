"""One statement: written on the left, judged and answered for on the right."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.incident.statements import draw_advice
from service.console.pages.statements.approval import draw_approval
from service.console.pages.statements.editor import Editor, of_edition
from service.console.pages.statements.place import ONE, PLACE
from service.console.pages.statements.promises import draw_promises
from service.console.pages.statements.publication import draw_effect, draw_publication
from service.console.pages.statements.sheet import Opened, StatementSheet, read_statement
from service.console.pages.statements.versions import draw_versions
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put
from service.statements import State

_LIVE_S = 1.0
_FORMS = ("html", "json")


def register(board: Board) -> None:
    """The page `/statements/{statement_id}`."""

    @console_page(board, PLACE, ONE)
    async def one(visit: Visit, statement_id: str) -> None:
        opened = await read_statement(board, await visit.principal(), statement_id)
        StatementPage(board, visit, opened).build()


_Shows = Callable[[Opened], object]


class StatementPage(StatementSheet):
    """The sheet as it is drawn."""

    def __init__(self, board: Board, visit: Visit, opened: Opened) -> None:
        super().__init__(board, visit, opened)
        self._editor = Editor(self)
        self._parts: list[tuple[ui.element, Callable[[], object], _Shows]] = []
        self._seen: object = None
        self._news: ui.element | None = None
        self._read = opened.file.statement.version

    def build(self) -> None:
        """Draw everything once; afterwards only what has changed, and never what is typed."""
        words = self.words
        with heading(self.visit, self.statement.title):
            for form in _FORMS:
                address = f"/v1/statements/{self.statement.id}/export?format={form}"
                with put(ui.element("a"), href=address, download="").classes("quiet-link"):
                    plain(f"{words('statements.export')} {form.upper()}")
            back = f"{BASE}/incidents/{self.statement.incident_id}?tab=statements"
            link(back, words("statements.to_incident"), "act")
        if self.opened.incident.is_private:
            with put(ui.element("p"), role="note").classes("banner"):
                plain(words("statements.private"), "b")
        self._news = put(ui.element("div"), role="status", aria_live="polite").classes("piece")
        self._part(self._draw_facts_line, lambda it: it.file.statement)
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column stack"):
                self._part(self._editor.draw_variables, lambda it: it.file.statement.state)
                self._part(self._editor.draw, lambda it: it.file.statement.state)
                self._part(self._editor.draw_facts, lambda it: (it.file.edition.facts, _state(it)))
                self._part(lambda: draw_versions(self), lambda it: it.editions)
            with ui.element("div").classes("column stack"):
                self._part(
                    lambda: draw_approval(self),
                    lambda it: (it.file.statement, it.file.approvals, it.file.need),
                )
                self._editor.place_checks()
                self._part(lambda: draw_promises(self), lambda it: it.file.promises)
                self._part(lambda: draw_publication(self), lambda it: (it.file.places, _state(it)))
                self._part(lambda: draw_effect(self), lambda it: it.file.statement.published_at)
                self._draw_guidance()
        keep_fresh(self.visit, _LIVE_S, self._look)

    def _part(self, draw: Callable[[], object], shows: _Shows) -> None:
        place = ui.element("div").classes("piece")
        self._parts.append((place, draw, shows))
        with place:
            draw()

    def _draw_facts_line(self) -> None:
        words, statement = self.words, self.statement
        with ui.element("div").classes("line"):
            state = words.choice("statement_state", statement.state.value)
            plain(state, classes=f"state said-{statement.state.value}")
            plain(words.choice("statement_kind", statement.kind.value), classes="soft")
            plain(words.choice("statements.lang", statement.lang), classes="soft")
            plain(words("statements.edition", number=statement.edition), classes="soft")
            plain(self.name_of(statement.created_by), classes="soft foreign")
            moment(self.visit, statement.updated_at)
            plain(statement.id, classes="code small soft")

    def _draw_guidance(self) -> None:
        """How the mood is answered, and what to ask before it goes out."""
        words, file = self.words, self.file
        if file.advice is None and not file.checks:
            return
        with ui.element("section").classes("panel stack"):
            if file.advice is not None:
                draw_advice(words, file.advice)
            if file.checks:
                plain(words("statements.checks.title"), "h2")
                with ui.element("ul").classes("plain-list"):
                    for check in file.checks:
                        plain(words.of(check), "li")

    async def _look(self) -> None:
        stamp = await self.board.pulse.stamp()
        if stamp == self._seen:
            return
        before = self.statement.version
        await self.reread(await self.visit.principal())
        self._seen = stamp
        if self.statement.version != before:
            self._tell()

    def _tell(self) -> None:
        """Say who changed it meanwhile; what the visitor is typing stays as it is."""
        latest, words = self.file.edition, self.words
        if self._news is None or latest.by == self.principal.id:
            return
        self._news.clear()
        with self._news, ui.element("div").classes("banner news"):
            plain(words("together.news"), "b")
            said = words(
                "statements.versions.by", number=latest.number, name=self.name_of(latest.by)
            )
            plain(said, classes="foreign")
            plain(words.choice("statement_state", self.statement.state.value), classes="state")
            button(words("together.read"), self._news.clear, "act-small", key="news-read")

    def redraw(self, before: Opened, *, everything: bool) -> None:
        for place, draw, shows in self._parts:
            if everything or shows(before) != shows(self.opened):
                place.clear()
                with place:
                    draw()
        if everything or before.file.edition.number != self.file.edition.number:
            self._editor.check(of_edition(self.file.edition))
        self._editor.follow()


def _state(opened: Opened) -> State:
    return opened.file.statement.state
