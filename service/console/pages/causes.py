"""Causes: what people complain of, when they do, and what they want."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from nlp.lexicon import SCENARIOS
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.page import console_page, heading
from service.console.pages.causes_crossed import Asked, crossed_panel, read_asked
from service.console.pages.causes_people import draw_authors, draw_needs, read_authors, read_needs
from service.console.places import Place, Section
from service.console.scope import (
    Period,
    Scope,
    nothing_watched,
    read_scope,
    scope_bar,
    select,
)
from service.console.session import BASE, Visit
from service.console.states import empty, later
from service.console.theme import plain, put
from service.indicators.causes import Counted, Per

PLACE = Place(
    name="causes",
    path="/causes",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.INDICATOR),
)

_SHOWN = 15


def register(board: Board) -> None:
    """The page `/causes`."""

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        scope = await read_scope(visit, usual=Period.QUARTER)
        heading(visit, words("causes.title"), hint=words("causes.hint"))
        if scope is None:
            nothing_watched(visit)
            return
        asked = await read_asked(visit)
        scope_bar(visit, scope, "/causes")
        _choices(board, visit, scope, asked)
        with ui.element("section").classes("panel stack"):
            later(visit, partial(_read, visit, scope, asked), partial(_draw, visit))
        crossed_panel(visit, scope, asked)
        with ui.element("div").classes("halves"):
            if visit.may(Action.READ, Resource.POST):
                with ui.element("section").classes("panel stack"):
                    later(visit, partial(read_needs, visit, scope), partial(draw_needs, visit))
            with ui.element("section").classes("panel stack"):
                later(visit, partial(read_authors, visit, scope), partial(draw_authors, visit))


def _choices(board: Board, visit: Visit, scope: Scope, asked: Asked) -> None:
    """Which causes, and what they are set against: in the address."""
    words = visit.words
    names = board.scenario_names(words)
    scenarios = {"": words("causes.every_scenario")}
    scenarios |= {name: names.get(name, name) for name in SCENARIOS}
    form = put(ui.element("form"), method="get", action=f"{BASE}/causes")
    with form.classes("scope line"):
        for name, value in {"monitor": scope.monitor.id, **scope.span.query()}.items():
            put(ui.element("input"), type="hidden", name=name, value=value)
        select(words("causes.scenario"), "scenario", scenarios, asked.scenario or "")
        for place in range(1 + min(len(asked.series), 4)):
            chosen = asked.series[place] if place < len(asked.series) else ""
            options = {"": words("causes.no_series"), **asked.known}
            select(words("causes.series", number=place + 1), "series", options, chosen)
        pers = {per.value: words.choice("causes.pers", per.value) for per in Per}
        select(words("causes.per"), "per", pers, asked.per.value)
        with ui.element("label").classes("field"):
            plain(words("causes.edges"), classes="soft small")
            edges = put(ui.element("input"), name="edges", defaultValue=asked.edges_text)
            put(edges, placeholder=words("causes.edges_hint"), maxlength="100")
        with put(ui.element("button"), type="submit", data_key="causes-show").classes("act"):
            plain(words("scope.show"))
    if asked.problem:
        plain(asked.problem, "p", "problem").props('role="alert"')


async def _read(visit: Visit, scope: Scope, asked: Asked, principal: Principal) -> Counted:
    return await visit.container.indicators.causes.counted(
        principal, scope.monitor.id, scope.window, scenario=asked.scenario
    )


def _draw(visit: Visit, found: Counted) -> None:
    """The causes by how many posts name them."""
    words = visit.words
    if not found.items:
        plain(words("causes.counted"), "h2")
        empty(words("causes.none"), words("causes.none_hint"))
        return
    shown = found.items[:_SHOWN]
    chart = bar(
        words("causes.counted"),
        [words.of({"zh": item.cause.zh, "en": item.cause.en}) for item in shown],
        [
            Series(words("causes.posts"), [item.posts for item in shown]),
            Series(words("causes.complaints"), [item.complaints for item in shown]),
            Series(words("causes.authors"), [item.authors for item in shown]),
        ],
        each_named=True,
    )
    show(visit, chart)
    read, posts = f"{found.read:,}", f"{found.posts:,}"
    plain(words("causes.read", read=read, posts=posts, named=found.named), "p", "soft small")
