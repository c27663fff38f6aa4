"""The queue of complaints: what is waited for longest comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.complaints import Clock, Complaint, ComplaintFigures, ComplaintFilter, State
from service.complaints.repository import position
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import moment, short_time
from service.console.listing import (
    AnyOf,
    Column,
    Containing,
    Listing,
    ListQuery,
    OneOf,
    Rows,
)
from service.console.listing.filters import Filter
from service.console.page import console_page, heading
from service.console.pages.complaints import place
from service.console.panels import fact_tiles
from service.console.scope import Period, read_span
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain
from service.indicators import Window

_FRESH_S = 5.0
_DAYS = 30
_LONGEST_ID = 40


def register(board: Board) -> None:
    """The page `/complaints`."""
    complaints = board.container.complaints

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        monitors = await board.monitor_names()
        window = _window(visit)

        async def load(principal: Principal, query: ListQuery) -> Rows[Complaint]:
            found = await complaints.desk.page(
                principal,
                _wanted(query, principal, window, named=partial(place.cause_asked, board, words)),
                after=place.position_of(query.cursor),
                limit=query.limit + 1,
            )
            items = found[: query.limit]
            await board.names.learn(*(item.assignee for item in items))
            more = len(found) > query.limit
            return Rows(items, following=place.written(position(items[-1])) if more else None)

        async def figures(principal: Principal) -> ComplaintFigures:
            since = visit.now() - timedelta(days=_DAYS)
            return await complaints.report.between(principal, since=since)

        with heading(visit, words("complaints.title"), hint=words("complaints.hint")):
            if visit.may(Action.WORK, Resource.COMPLAINT):
                link(f"{BASE}{place.NEW}", words("complaints.new"), "act act-main")
            if visit.may(Action.READ, Resource.COMPLAINT_RULE):
                link(f"{BASE}/complaint-rules", words("complaint_rules.title"), "act")
        later(visit, figures, lambda found: _draw_figures(visit, found))
        if window is not None:
            _draw_window(visit, window)
        listing = Listing(
            visit,
            columns=_columns(board, visit, monitors),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=_filters(board, visit, monitors),
            empty=(words("complaints.empty"), words("complaints.empty_hint")),
        )
        await listing.draw()
        keep_fresh(visit, _FRESH_S, listing.renew)


def _window(visit: Visit) -> Window | None:
    """The time of the address, as figures of complaints lead here with; None is all time."""
    if not {"from", "to", "since", "until"} & set(visit.query):
        return None
    span = read_span(visit, usual=Period.MONTH)
    return None if span.spoilt else span.window


def _draw_window(visit: Visit, window: Window) -> None:
    """Which complaints these are, and the way to the others."""
    words = visit.words
    since, until = (short_time(at, visit.zone) for at in (window.since, window.until))
    with ui.element("p").classes("line"):
        plain(words("complaints.opened_in", since=since, until=until), classes="strong")
        link(f"{BASE}/complaints", words("complaints.any_time"))


def _wanted(
    query: ListQuery, principal: Principal, window: Window | None, *, named: Callable[[str], str]
) -> ComplaintFilter:
    """What the filters ask for; `named` finds the cause that somebody typed in words."""
    holder, scenario = query.one("holder"), query.one("scenario")
    incident = query.text("incident").replace("\x00", "")[:_LONGEST_ID]
    cause = query.text("cause").replace("\x00", "")
    breached = query.one("breached")
    holders = {"me": (principal.id,), "nobody": ("",)}
    return ComplaintFilter(
        states=tuple(State(name) for name in query.many("state")),
        assignees=holders.get(holder or "", ()),
        monitors=query.many("monitor"),
        scenarios=(scenario,) if scenario else (),
        causes=(named(cause),) if cause else (),
        incidents=(incident,) if incident else (),
        breached=None if not breached else breached == "yes",
        opened_since=None if window is None else window.since,
        opened_until=None if window is None else window.until,
        drill=query.one("drill") == "drill",
    )


def _filters(board: Board, visit: Visit, monitors: dict[str, str]) -> tuple[Filter, ...]:
    words = visit.words
    states = {state.value: words.choice("complaint_state", state.value) for state in State}
    holders = {name: words.choice("complaints.holders", name) for name in ("me", "nobody")}
    breached = {name: words.choice("complaints.breached_is", name) for name in ("yes", "no")}
    drill = {"drill": words("complaints.drill")}
    return (
        AnyOf("state", words("complaints.state"), states),
        OneOf("holder", words("complaints.holder"), holders),
        AnyOf("monitor", words("complaints.monitor"), monitors),
        OneOf("scenario", words("complaints.scenario"), board.scenario_names(words)),
        Containing("cause", words("complaints.cause")),
        Containing("incident", words("complaints.incident")),
        OneOf("breached", words("complaints.breached"), breached),
        OneOf("drill", words("complaints.practice"), drill),
    )


def _columns(board: Board, visit: Visit, monitors: dict[str, str]) -> tuple[Column[Complaint], ...]:
    words, scenarios = visit.words, board.scenario_names(visit.words)

    def cause(item: Complaint) -> None:
        plain(place.cause_text(board, words, item.cause), "div", "strong foreign")
        parts = [monitors.get(item.monitor_id, item.monitor_id)]
        if item.scenario:
            parts.append(scenarios.get(item.scenario, item.scenario))
        plain(" · ".join(parts), "div", "soft small foreign")
        if item.drill:
            plain(words("complaints.drill"), classes="state")

    def state(item: Complaint) -> None:
        plain(words.choice("complaint_state", item.state.value), classes="state")

    def missed(item: Complaint) -> None:
        if item.breaches:
            plain(f"▲ {item.breaches:,}", classes="late")
        else:
            plain("–", classes="soft")

    def incident(item: Complaint) -> None:
        if item.incident_id is None:
            plain("–", classes="soft")
        else:
            link(f"{BASE}/incidents/{item.incident_id}", words("complaints.to_incident"), "small")

    def holder(item: Complaint) -> str:
        name = item.assignee
        return words("complaints.holders.nobody") if name is None else board.names.of(name)

    return (
        Column("cause", words("complaints.cause"), cause),
        Column("wait", words("complaints.wait"), lambda item: place.draw_wait(visit, item)),
        Column("state", words("complaints.state"), state),
        Column("holder", words("complaints.holder"), holder),
        Column("posts", words("complaints.posts"), lambda item: f"{item.posts:,}", number=True),
        Column("missed", words("complaints.breaches"), missed),
        Column("incident", words("complaints.incident"), incident),
        Column("opened", words("complaints.opened"), lambda item: moment(visit, item.opened_at)),
    )


def _draw_figures(visit: Visit, found: ComplaintFigures) -> None:
    words = visit.words
    tiles = [
        (words("complaints.figure.opened", days=_DAYS), f"{found.opened:,}"),
        (words("complaints.figure.waiting"), f"{found.waiting:,}"),
        (words("complaints.figure.overdue"), f"{found.overdue:,}"),
    ]
    for clock in Clock:
        kept = found.clocks[clock]
        told = words("complaints.figure.none") if kept.share is None else f"{kept.share:.0%}"
        label = words("complaints.figure.in_time", clock=place.clock_of(words, clock))
        tiles.append((label, f"{told} ({kept.in_time:,}/{kept.due:,})"))
    csat = words("complaints.figure.none") if found.csat is None else f"{found.csat:.1f} / 5"
    tiles.append((words("complaints.figure.csat", count=found.rated), csat))
    nps = words("complaints.figure.none") if found.nps is None else f"{found.nps:+.0f}"
    tiles.append((words("complaints.figure.nps", count=found.nps_rated), nps))
    fact_tiles(tiles)
