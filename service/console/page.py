"""What makes a function a page of the console: who may see it, its frame, and its errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from nicegui import ui

from service.console.board import Board
from service.console.first_paint import first_paint
from service.console.frame import framed
from service.console.places import Place
from service.console.session import Visit, open_visit
from service.console.states import no_permission, problem_panel
from service.console.theme import dress, plain
from service.console.trouble import trouble_of
from service.errors import NotFound

RESPONSE_S = 30.0
"""How long a page may take to be read and drawn: a busy machine answers late rather than not."""

Draw = Callable[..., Awaitable[Response | None]]
"""Draws a page for a `Visit`; what the path has in braces comes as text, by name."""


def console_page(board: Board, place: Place, path: str | None = None) -> Callable[[Draw], Draw]:
    """Make a function the page of one of the place's paths, of its first unless told.

    Whoever is not signed in is led to do so; whoever may not is told which roles may. An error
    while the page is read or drawn becomes a page that says what happened and what to do.
    """
    address = place.path if path is None else path
    if address not in place.paths:
        raise ValueError(f"{place.name} does not have the path {address}: add it to `deeper`")

    def register(draw: Draw) -> Draw:
        @ui.page(address, response_timeout=RESPONSE_S)
        async def page(request: Request) -> Response | None:
            visit = await open_visit(board.container, request)
            if isinstance(visit, Response):
                return visit
            try:
                answer = await _shown(board, place, visit, draw)
                _paint_first(visit)
            finally:
                visit.drawn.set()
            return answer

        return draw

    return register


async def _shown(board: Board, place: Place, visit: Visit, draw: Draw) -> Response | None:
    words = visit.words
    title = words(f"{place.name}.title")
    dress(visit.taste, title, now=visit.now(), owner=visit.session.user.id)
    main = await framed(board, visit, place)
    with main:
        if place.may is not None and not place.open_to(visit.session.principal):
            visit.client.status_code = 403
            heading(visit, title)
            no_permission(words, place.may)
            return None
        try:
            return await draw(visit, **visit.request.path_params)
        except Exception as error:
            trouble = trouble_of(error, words, where=visit.request.url.path)
            visit.client.status_code = trouble.status
    main.clear()
    with main:
        heading(visit, title)
        problem_panel(words, trouble)
    return None


def missing_page(board: Board) -> Callable[[Request], Awaitable[Response | None]]:
    """The page for addresses under `/console` that lead nowhere."""

    async def page(request: Request) -> Response | None:
        visit = await open_visit(board.container, request)
        if isinstance(visit, Response):
            return visit
        nowhere = NotFound(visit.words("trouble.no_page"))
        trouble = trouble_of(nowhere, visit.words, where=request.url.path)
        dress(visit.taste, trouble.title, now=visit.now(), owner=visit.session.user.id)
        visit.client.status_code = trouble.status
        with await framed(board, visit, None):
            heading(visit, trouble.title)
            problem_panel(visit.words, trouble)
        _paint_first(visit)
        visit.drawn.set()
        return None

    return page


def _paint_first(visit: Visit) -> None:
    """Let what is drawn so far be read before the toolkit is awake."""
    with visit.client:
        ui.add_body_html(first_paint(visit.client.content, visit.taste.theme))


def heading(visit: Visit, title: str, *, hint: str = "") -> ui.element:
    """The page's `h1`, which names its window too. Answers the place for buttons beside it."""
    visit.client.title = f"{title} · {visit.words('brand')}"
    with ui.element("div").classes("heading"):
        with ui.element("div").classes("tight grow"):
            plain(title, "h1", "foreign")
            if hint:
                plain(hint, "p", "soft")
        return ui.element("div").classes("line")
