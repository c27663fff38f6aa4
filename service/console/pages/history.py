"""What is over: ended incidents, newest first, a page at a time."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request, Response
from nicegui import ui

from service.console.board import Board
from service.console.pages.rows import ENDED_COLUMNS, incident_rows
from service.console.session import BASE, open_visit
from service.console.theme import dress, frame, link, plain


def register_history(board: Board) -> None:
    """The page `/history`."""

    @ui.page("/history")
    async def history_page(request: Request) -> Response | None:
        visit = await open_visit(board.container, request)
        if isinstance(visit, Response):
            return visit
        words = visit.words
        dress(visit.taste, words("history.title"), now=board.container.clock.now())
        rows, following = await board.ended_rows(
            visit.session.principal, words, before=_position(request)
        )
        with frame(visit, request, here="history"):
            if not rows:
                with ui.element("section").classes("panel empty"):
                    plain(words("history.empty"), "b")
                return None
            incident_rows(
                rows,
                words=words,
                zone=board.container.settings.zone,
                tiers=board.container.library.tiers.tiers,
                columns=ENDED_COLUMNS,
            )
            if following is not None:
                query = urlencode({"at": following[0].isoformat(), "id": following[1]})
                link(f"{BASE}/history?{query}", words("history.earlier"))
        return None


def _position(request: Request) -> tuple[datetime, str] | None:
    """Where the page begins; an address that somebody has spoilt begins at the newest."""
    try:
        at = datetime.fromisoformat(request.query_params.get("at", ""))
    except ValueError:
        return None
    return None if at.tzinfo is None else (at, request.query_params.get("id", ""))
