"""What is to be expected: posts of the next 90 days with their range, and the people they take."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Series, line, show
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.scope import Period, Scope, nothing_watched, read_scope, select
from service.console.session import BASE, Visit
from service.console.states import empty, later
from service.console.theme import link, plain, put
from service.errors import InvalidInput
from service.indicators.outlook import Outlook, Staffing
from service.indicators.outlook.backtest import Accuracy
from service.indicators.outlook.outlook import LEAST_DAYS, Model
from service.indicators.outlook.staffing import SHIFTS_H

PLACE = Place(
    name="forecast",
    path="/forecast",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.INDICATOR),
)

_PEOPLE_DAYS = 14
"""Days that are told shift by shift: rotas are made no further ahead."""


def register(board: Board) -> None:
    """The page `/forecast`."""

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        scope = await read_scope(visit, usual=Period.QUARTER)
        with heading(visit, words("forecast.title"), hint=words("forecast.hint")):
            if scope is not None:
                link(f"{BASE}/coverage", words("forecast.to_coverage"), "act")
        if scope is None:
            nothing_watched(visit)
            return
        staffing, problem = _staffing(visit)
        _choices(visit, scope, staffing)
        if problem:
            plain(problem, "p", "problem").props('role="alert"')
        later(visit, partial(_read, visit, scope, staffing), partial(_draw, visit, scope))


def _staffing(visit: Visit) -> tuple[Staffing, str]:
    """From the address; the house's usual where it says nothing that can be meant."""
    usual = visit.container.indicators.outlooks.staffing
    minutes, shift = visit.query.get("minutes", ""), visit.query.get("shift_h", "")
    try:
        asked = Staffing(
            minutes=float(minutes) if minutes else usual.minutes,
            shift_h=int(shift) if shift else usual.shift_h,
            busy=usual.busy,
        )
        asked.check()
    except (ValueError, InvalidInput):
        return usual, visit.words("forecast.bad_staffing")
    return asked, ""


def _choices(visit: Visit, scope: Scope, staffing: Staffing) -> None:
    """Monitor and staffing, sent by the address."""
    words = visit.words
    monitors = {
        item.id: f"{brand} · {item.name}" if brand else item.name
        for brand, items in scope.choices.items()
        for item in items
    }
    form = put(ui.element("form"), method="get", action=f"{BASE}/forecast")
    with form.classes("scope line"):
        select(words("scope.monitor"), "monitor", monitors, scope.monitor.id)
        with ui.element("label").classes("field"):
            plain(words("forecast.minutes"), classes="soft small")
            box = put(ui.element("input"), name="minutes", inputmode="decimal")
            put(box, defaultValue=f"{staffing.minutes:g}")
        hours = {str(hours): str(hours) for hours in SHIFTS_H}
        select(words("forecast.shift"), "shift_h", hours, str(staffing.shift_h))
        with put(ui.element("button"), type="submit", data_key="forecast-show").classes("act"):
            plain(words("scope.show"))


async def _read(
    visit: Visit, scope: Scope, staffing: Staffing, principal: Principal
) -> Outlook | None:
    """None where the history is too short for any forecast."""
    outlooks = visit.container.indicators.outlooks
    try:
        return await outlooks.ahead(principal, scope.monitor.id, staffing=staffing)
    except InvalidInput as error:
        if any(path == "monitor" for path, _ in error.errors):
            return None
        raise


def _draw(visit: Visit, scope: Scope, found: Outlook | None) -> None:
    words = visit.words
    if found is None:
        empty(words("forecast.too_short"), words("forecast.too_short_hint", days=LEAST_DAYS))
        return
    with ui.element("section").classes("panel stack"):
        _course(visit, found)
    with ui.element("div").classes("halves"):
        with ui.element("section").classes("panel stack"):
            _trust(words, found)
        with ui.element("section").classes("panel stack"):
            _people(words, found)


def _course(visit: Visit, found: Outlook) -> None:
    """The middle and two ranges, day by day."""
    words, days = visit.words, found.days
    series = [
        Series(words("forecast.middle"), [round(day.posts.value, 1) for day in days]),
        Series(words("forecast.low_80"), [round(day.posts.low_80, 1) for day in days]),
        Series(words("forecast.high_80"), [round(day.posts.high_80, 1) for day in days]),
        Series(words("forecast.low_95"), [round(day.posts.low_95, 1) for day in days]),
        Series(words("forecast.high_95"), [round(day.posts.high_95, 1) for day in days]),
    ]
    chart = line(words("forecast.course"), [day.day.isoformat() for day in days], series)
    show(visit, chart)
    week = days[:7]
    totals = (
        sum(day.posts.value for day in week) / len(week),
        min(day.posts.low_80 for day in week),
        max(day.posts.high_80 for day in week),
    )
    mean, low, high = (f"{number:,.0f}" for number in totals)
    plain(words("forecast.week", mean=mean, low=low, high=high), "p")
    plain(words("forecast.blind_to"), "p", "soft small")


def _trust(words: Words, found: Outlook) -> None:
    """How wrong it was when it was made of what was known then."""
    plain(words("forecast.trust"), "h2")
    with ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("model", "mase", "inside_80", "inside_95"):
                plain(words(f"forecast.{name}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for model in Model:
                with ui.element("tr"):
                    with ui.element("td").classes("wrap"), ui.element("div").classes("line"):
                        served = model is found.served
                        name = words.choice("forecast.models", model.value)
                        plain(name, classes="strong" if served else "")
                        if served:
                            plain(words("forecast.served"), classes="state state-resolved")
                    for said in _errors(found.accuracy.get(model)):
                        plain(said, "td")
    plain(words("forecast.mase_hint"), "p", "soft small")
    history = words(
        "forecast.history",
        days=found.history_days,
        since=found.history_since.isoformat(),
        tested=found.tested_days,
        origins=found.origins,
    )
    plain(history, "p", "soft small")


def _errors(found: Accuracy | None) -> tuple[str, str, str]:
    if found is None:
        return "–", "–", "–"
    mase = "–" if found.mase is None else f"{found.mase:.2f}"
    return mase, f"{found.inside_80:.0%}", f"{found.inside_95:.0%}"


def _people(words: Words, found: Outlook) -> None:
    """People by day and shift, whole ones, with the range of the posts."""
    plain(words("forecast.people"), "h2")
    load = found.load
    if load is None:
        plain(words("forecast.no_load"), "p", "soft")
        return
    said = words(
        "forecast.load",
        share=f"{load.share:.1%}",
        minutes=f"{load.minutes:g}",
        shift=load.shift_h,
        busy=f"{load.busy:.0%}",
    )
    plain(said, "p", "soft small")
    days = found.days[:_PEOPLE_DAYS]
    length = timedelta(hours=load.shift_h)
    with ui.element("div").classes("scroller"), ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            plain(words("forecast.day"), "th").props('scope="col"')
            for shift in days[0].shifts:
                ends = (shift.starts_h + int(length.total_seconds() // 3600)) % 24
                plain(f"{shift.starts_h:02d}–{ends:02d}", "th").props('scope="col"')
        with ui.element("tbody"):
            for day in days:
                with ui.element("tr"):
                    weekday = words.choice("weekday", str(day.day.isoweekday()))
                    plain(f"{day.day:%m-%d} {weekday}", "td")
                    for shift in day.shifts:
                        people = shift.people
                        low, high = people.low_80, people.high_80
                        plain(f"{people.value:.0f} ({low:.0f}–{high:.0f})", "td")
    plain(words("forecast.people_hint"), "p", "soft small")
