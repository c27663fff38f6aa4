"""One incident: what it is, why it is as bad as we say, what to do by when, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from nicegui import ui

from service.auth import BadCredentials
from service.console.board import Board
from service.console.deeds import leave
from service.console.dossier import Dossier, read_dossier
from service.console.pages.incident_evidence import draw_evidence
from service.console.pages.incident_head import draw_head
from service.console.pages.incident_record import (
    draw_comment_box,
    draw_pages,
    draw_tier,
    draw_timeline,
)
from service.console.pages.incident_sheet import IncidentSheet
from service.console.pages.incident_steps import draw_steps
from service.console.session import BASE, Visit, open_visit
from service.console.theme import dress, frame, link, plain
from service.errors import Forbidden, NotFound

_LIVE_S = 0.4
_SESSION_CHECK = 150
"""Of so many looks one asks whether the session still stands: once a minute."""


def register_incident(board: Board) -> None:
    """The page `/incidents/{incident_id}`."""

    @ui.page("/incidents/{incident_id}")
    async def incident_page(request: Request, incident_id: str) -> Response | None:
        visit = await open_visit(board.container, request)
        if isinstance(visit, Response):
            return visit
        now = board.container.clock.now()
        try:
            dossier = await read_dossier(board, visit.session.principal, incident_id)
        except (NotFound, Forbidden) as error:
            visit.client.status_code = error.status
            _refuse(visit, request, visit.words.choice("error", error.code))
            return None
        page = IncidentPage(board, visit, dossier)
        dress(visit.taste, page.title, now=now)
        with frame(visit, request, here="incident"):
            page.build()
        return None


def _refuse(visit: Visit, request: Request, said: str) -> None:
    dress(visit.taste, said)
    with frame(visit, request, here="incident"), ui.element("section").classes("panel empty"):
        plain(said, "b")
        link(f"{BASE}/", visit.words("incident.to_queue"))


class IncidentPage(IncidentSheet):
    """The sheet as it is drawn."""

    def __init__(self, board: Board, visit: Visit, dossier: Dossier) -> None:
        super().__init__(board, visit, dossier)
        self._looks = 0

    def build(self) -> None:
        """Draw everything once; afterwards only the parts whose data have changed."""
        self._head()
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column stack"):
                self._steps()
                self._evidence()
            with ui.element("div").classes("column stack side"):
                self._tier()
                with ui.element("section").classes("panel stack"):
                    draw_comment_box(self)
                    self._timeline()
                self._pages()
        ui.timer(_LIVE_S, self._look)

    @ui.refreshable_method
    def _head(self) -> None:
        draw_head(self)

    @ui.refreshable_method
    def _steps(self) -> None:
        draw_steps(self)

    @ui.refreshable_method
    def _evidence(self) -> None:
        draw_evidence(self)

    @ui.refreshable_method
    def _tier(self) -> None:
        draw_tier(self)

    @ui.refreshable_method
    def _timeline(self) -> None:
        draw_timeline(self)

    @ui.refreshable_method
    def _pages(self) -> None:
        draw_pages(self)

    async def _look(self) -> None:
        self._looks += 1
        try:
            if self._looks % _SESSION_CHECK == 0:
                await self.visit.principal()
            if await self.board.pulse.stamp() != self.stamp:
                await self.reread(await self.visit.principal())
        except (BadCredentials, NotFound, Forbidden):
            leave(self.visit)

    def redraw(self, before: Dossier, *, everything: bool) -> None:
        for draw, part in self._parts():
            if everything or part(before) != part(self.dossier):
                draw.refresh()

    def _parts(self) -> tuple[tuple[Any, Callable[[Dossier], object]], ...]:
        """Each part of the page with the data it is drawn from."""
        return (
            (self._head, lambda it: (it.incident, it.run, it.file.evidence)),
            (self._steps, lambda it: (it.run, it.incident.state)),
            (self._evidence, lambda it: (it.file.evidence, it.incident.posts)),
            (self._tier, lambda it: (it.incident.reasons, it.file.tiers)),
            (self._timeline, lambda it: it.file.timeline),
            (self._pages, lambda it: it.deliveries),
        )
