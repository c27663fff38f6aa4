"""Recurrences: which crises came again, how sure that is, and their share against the target."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.cases.recurrence import RECURS_WITHIN, TARGET, Crisis
from service.console.board import Board
from service.console.format import moment, span
from service.console.listing import Column, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.aftermath import causes_of
from service.console.pages.recurrences_figures import (
    Again,
    Certainty,
    Wanted,
    draw_figures,
    read_figures,
)
from service.console.places import Place, Section
from service.console.scope import Period, read_span, select, span_fields, span_links
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain, put

PLACE = Place(
    name="recurrences",
    path="/recurrences",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.INCIDENT),
)
_SIGNS = {Certainty.CONFIRMED: "●", Certainty.PROPOSED: "◐", Certainty.REFUTED: "○"}
_LOOKS = {
    Certainty.CONFIRMED: "state late",
    Certainty.PROPOSED: "state soon",
    Certainty.REFUTED: "state",
}


def register(board: Board) -> None:
    """The page `/recurrences`."""

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        principal = await visit.principal()
        period = read_span(visit, usual=Period.QUARTER)
        monitors = {
            name: label
            for name, label in (await board.monitor_names()).items()
            if principal.may(Action.READ, Resource.INCIDENT, monitor=name)
        }
        asked = visit.query.get("monitor", "")
        wanted = Wanted(monitor=asked or None, window=period.window)
        days, target = RECURS_WITHIN.days, f"{TARGET:.0%}"
        hint = words("recurrences.hint", days=days, target=target)
        with heading(visit, words("recurrences.title"), hint=hint):
            if visit.may(Action.READ, Resource.CAUSE_REVIEW):
                link(f"{BASE}/reviews", words("recurrences.to_reviews"), "act")
        form = put(ui.element("form"), method="get", action=f"{BASE}{PLACE.path}")
        with form.classes("scope line"):
            options = {"": words("recurrences.every"), **monitors}
            select(words("recurrences.monitor"), "monitor", options, asked)
            span_fields(visit, period)
        kept = {"monitor": asked} if asked else {}
        span_links(visit, period, PLACE.path, **kept)
        with ui.element("section").classes("panel stack"):
            later(
                visit,
                partial(read_figures, board.container, wanted),
                partial(draw_figures, board, visit),
            )
        plain(words("recurrences.each"), "h2")
        await _listing(board, visit, wanted, monitors).draw()


def _listing(
    board: Board, visit: Visit, wanted: Wanted, monitors: dict[str, str]
) -> Listing[Again]:
    words, causes = visit.words, causes_of(visit.words)
    scenarios = board.scenario_names(words)
    states = {item.value: words.choice("recurrences.states", item.value) for item in Certainty}

    async def load(principal: Principal, query: ListQuery) -> Rows[Again]:
        found = (await read_figures(board.container, wanted, principal)).again
        state = query.one("state")
        return Rows.cut([item for item in found if state in (None, "", item.state)], query)

    def crisis(item: Again) -> None:
        name = item.crisis.scenario
        plain(scenarios.get(name, name), "div", "foreign")
        plain(item.crisis.id, "div", "soft small code")

    def state(item: Again) -> None:
        plain(f"{_SIGNS[item.state]} {states[item.state.value]}", classes=_LOOKS[item.state])

    def earlier(item: Again) -> None:
        if item.of.id:
            link(f"{BASE}/incidents/{item.of.id}", item.of.id, "code small")
        else:
            plain(words("recurrences.elsewhere"), classes="soft")
        if item.of.closed_at is not None:
            told = span(item.crisis.opened_at - item.of.closed_at, words)
            plain(words("recurrences.after", span=told), "div", "soft small")

    def cause(item: Crisis) -> str:
        known = item.cause
        return words("recurrences.unknown") if known is None else causes.get(known, known)

    def reasons(item: Again) -> None:
        plain(words("recurrences.this_one", cause=cause(item.crisis)), "div", "foreign")
        plain(words("recurrences.that_one", cause=cause(item.of)), "div", "soft small foreign")

    return Listing(
        visit,
        columns=(
            Column("crisis", words("recurrences.crisis"), crisis),
            Column("state", words("recurrences.state"), state),
            Column(
                "monitor",
                words("recurrences.monitor"),
                lambda item: monitors.get(item.crisis.monitor_id, item.crisis.monitor_id),
            ),
            Column(
                "opened",
                words("recurrences.opened"),
                lambda item: moment(visit, item.crisis.opened_at),
            ),
            Column("of", words("recurrences.of"), earlier),
            Column("cause", words("recurrences.cause"), reasons),
        ),
        load=load,
        key=lambda item: item.crisis.id,
        opens=lambda item: f"{BASE}/incidents/{item.crisis.id}",
        filters=(OneOf("state", words("recurrences.state"), states),),
        empty=(words("recurrences.empty"), words("recurrences.empty_hint")),
    )
