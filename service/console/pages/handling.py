"""Handling: how long crises took, what was late, what came again, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment, span
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.handling_cost import COST_PATH, register_cost
from service.console.pages.handling_figures import draw_figures
from service.console.places import Place, Section
from service.console.scope import Period, Span, read_span, select, span_fields, span_links
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain, put, tier_badge
from service.handling import DEFINITIONS, Axis, Handled, HandlingTable, Measure, Wanted

PLACE = Place(
    name="handling",
    path="/handling",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.INDICATOR),
    deeper=(COST_PATH,),
)

_FILTERS = ("monitor", "scenario", "tier")


def register(board: Board) -> None:
    """The pages `/handling` and `/handling/{incident_id}`."""
    container = board.container

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        period = read_span(visit, usual=Period.QUARTER)
        asked = {name: visit.query.get(name, "") for name in _FILTERS}
        wanted = container.handling.board.wanted(
            await visit.principal(), period.window, **{k: v or None for k, v in asked.items()}
        )
        by = _axes(visit)
        with heading(visit, words("handling.title"), hint=words("handling.hint")):
            for name, path in (
                ("csv_table", "/v1/handling"),
                ("csv_crises", "/v1/handling/incidents"),
            ):
                link(_csv(path, wanted), words(f"handling.{name}"), "act").props("download")
        await _choices(board, visit, period, asked, by)
        later(
            visit,
            partial(_read, visit, wanted, by),
            partial(draw_figures, board, visit, period, asked, by),
        )
        await _crises(board, visit, wanted)

    register_cost(board, PLACE)


def _axes(visit: Visit) -> tuple[Axis, ...]:
    asked = visit.query.get("by")
    return tuple(axis for axis in Axis if axis.value == asked) or (Axis.TIER,)


def _csv(path: str, wanted: Wanted) -> str:
    """The same as a file for spreadsheets, from the API, which knows the session."""
    query = {
        "since": wanted.window.since.isoformat(),
        "until": wanted.window.until.isoformat(),
        "format": "csv",
        "monitor": wanted.monitor,
        "scenario": wanted.scenario,
        "tier": wanted.tier,
    }
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"


async def _choices(
    board: Board, visit: Visit, period: Span, asked: Mapping[str, str], by: Sequence[Axis]
) -> None:
    """Which crises, of what time: a form that is sent by the address."""
    words = visit.words
    every = {"": words("handling.every")}
    tiers = {item.id: words.of(item.name) for item in board.container.library.tiers.tiers}
    options = {
        "monitor": every | await board.monitor_names(),
        "scenario": every | board.scenario_names(words),
        "tier": every | tiers,
    }
    form = put(ui.element("form"), method="get", action=f"{BASE}/handling")
    with form.classes("scope line"):
        for name in _FILTERS:
            select(words(f"handling.{name}"), name, options[name], asked[name])
        span_fields(visit, period, by=by[0].value)
    kept = {name: value for name, value in asked.items() if value}
    span_links(visit, period, "/handling", by=by[0].value, **kept)


async def _read(
    visit: Visit, wanted: Wanted, by: Sequence[Axis], principal: Principal
) -> HandlingTable:
    return await visit.container.handling.board.table(principal, wanted, by)


async def _crises(board: Board, visit: Visit, wanted: Wanted) -> None:
    """Crisis by crisis, the newest first."""
    words, container = visit.words, board.container
    monitors, tiers = await board.monitor_names(), container.library.tiers.tiers
    scenarios = board.scenario_names(words)

    async def load(principal: Principal, query: ListQuery) -> Rows[Handled]:
        found = await container.handling.board.page(
            principal, wanted, after=position_of(query.cursor), limit=query.limit + 1
        )
        items = found[: query.limit]
        more = len(found) > query.limit
        following = cursor_of((items[-1].opened_at, items[-1].id)) if more else None
        return Rows(items, following=following)

    def times(item: Handled) -> str:
        taken = item.span(Measure.HANDLING)
        return words("handling.goes_on") if taken is None else span(taken, words)

    def steps(item: Handled) -> str:
        due = item.fallen_due
        return words("handling.part", part=int(due.part), whole=int(due.whole))

    def recurs(item: Handled) -> str:
        if item.recurs is None:
            return words("handling.unnamed")
        return words("handling.again" if item.recurs else "handling.first_time")

    def cost(item: Handled) -> None:
        address = f"{BASE}/handling/{quote(item.id, safe='')}"
        amount = f"{item.cost.amount:,.2f} {item.cost.currency}"
        link(address, amount if item.cost.is_whole else f"≥ {amount}")

    plain(words("handling.each"), "h2")
    listing = Listing(
        visit,
        name="crises",
        columns=(
            Column("title", words("handling.crisis"), lambda item: item.title),
            Column(
                "tier", words("handling.tier"), lambda item: tier_badge(words, tiers, item.tier)
            ),
            Column(
                "scenario",
                words("handling.scenario"),
                lambda item: scenarios.get(item.scenario or "", words("handling.unnamed")),
            ),
            Column(
                "monitor",
                words("handling.monitor"),
                lambda item: monitors.get(item.monitor_id, item.monitor_id),
            ),
            Column(
                "opened", words("handling.opened_at"), lambda item: moment(visit, item.opened_at)
            ),
            Column("times", words.of(DEFINITIONS[Measure.HANDLING].name), times),
            Column("steps", words("handling.breaches"), steps),
            Column("recurs", words("handling.recurrence"), recurs),
            Column("cost", words("handling.cost"), cost, number=True),
        ),
        load=load,
        key=lambda item: item.id,
        opens=lambda item: f"{BASE}/incidents/{quote(item.id, safe='')}",
        empty=(words("handling.no_crises"), words("handling.no_crises_hint")),
    )
    await listing.draw()
