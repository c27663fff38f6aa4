"""The board on one screen: sources, indicators and charts, each read after the first paint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from nicegui import ui

from service.auth import Action, Resource
from service.console.board import Board
from service.console.page import console_page, heading
from service.console.pages.board import charts, crowd
from service.console.pages.board.place import PLACE
from service.console.pages.board.tiles import draw_tiles, read_tiles
from service.console.scope import Scope, nothing_watched, read_scope, scope_bar
from service.console.session import BASE, Visit
from service.console.states import empty, later
from service.console.strip import Sources, read_sources, strip
from service.console.theme import link, plain


def register_overview(board: Board) -> None:
    """The page `/board`."""

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        scope = await read_scope(visit)
        with heading(visit, words("board.title"), hint=words("board.hint")):
            if scope is not None:
                link(scope.address("/handling"), words("board.to_handling"), "act")
                link(scope.address("/wall"), words("board.to_wall"), "act")
        if scope is None:
            nothing_watched(visit)
            return
        scope_bar(visit, scope, "/board")
        if visit.may(Action.READ, Resource.SOURCE):
            later(visit, partial(read_sources, visit.container), partial(_sources, visit))
        later(visit, partial(read_tiles, visit, scope), partial(draw_tiles, visit, scope))
        _charts(visit, scope)


def _sources(visit: Visit, sources: Sources) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("board.sources"), "h2")
            plain(sources.tally(words), classes="soft grow")
            link(f"{BASE}/coverage", words("board.to_sources"))
        if sources.feeds:
            strip(visit, sources)
        else:
            empty(words("coverage.none"), words("coverage.none_hint"))


def _charts(visit: Visit, scope: Scope) -> None:
    """Each in a panel of its own, that fails and is tried again by itself."""
    parts: list[tuple[Callable[..., Awaitable[Any]], Callable[..., object]]] = [
        (charts.read_course, charts.draw_course),
        (charts.read_mood, charts.draw_mood),
        (charts.read_rhythm, charts.draw_rhythm),
        (charts.read_funnel, charts.draw_funnel),
        (charts.read_voices, charts.draw_voices),
    ]
    if visit.may(Action.READ, Resource.POST):
        parts += [
            (crowd.read_stories, crowd.draw_stories),
            (crowd.read_spread, crowd.draw_spread),
        ]
    with ui.element("div").classes("halves"):
        for read, draw in parts:
            wide = " wide" if read is crowd.read_spread else ""
            with ui.element("section").classes(f"panel stack{wide}"):
                later(visit, partial(read, visit, scope), partial(draw, visit, scope))
