"""Figures of handling: times beside their targets, shares, cost, and all of it by one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from nicegui import ui

from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.format import span
from service.console.i18n import Words
from service.console.panels import scroller
from service.console.scope import Span
from service.console.session import BASE, Visit
from service.console.theme import link, plain, put
from service.handling import DEFINITIONS, Axis, HandlingTable, Measure
from service.handling.cost import Sum
from service.handling.figures import Portion, Row, Spread

_CHARTED = (Measure.ACKNOWLEDGE, Measure.FIRST_RESPONSE, Measure.STATEMENT, Measure.HANDLING)
_HOUR = timedelta(hours=1)


def draw_figures(
    board: Board,
    visit: Visit,
    period: Span,
    asked: Mapping[str, str],
    by: Sequence[Axis],
    table: HandlingTable,
) -> None:
    """The figures of all crises asked for, and told apart by one axis."""
    words, total = visit.words, table.total
    with ui.element("ul").classes("tiles"):
        _time_tile(words, total.spreads[Measure.HANDLING], Measure.HANDLING)
        _time_tile(words, total.spreads[Measure.CONTAIN], Measure.CONTAIN)
        _share_tile(words, "recurrence", total.recurrence)
        _share_tile(words, "breaches", total.breaches)
        _cost_tile(words, total.cost)
    with ui.element("div").classes("halves"):
        with ui.element("section").classes("panel stack"):
            _times(words, total)
        with ui.element("section").classes("panel stack"):
            _chart(visit, total)
    with ui.element("section").classes("panel stack"):
        _rows(board, visit, period, asked, by, table)
    if table.complaints is not None:
        with ui.element("section").classes("panel stack"):
            _complaints(words, table)


def _time_tile(words: Words, item: Spread, measure: Measure) -> None:
    """The median and the p90 beside the target."""
    with ui.element("li"), ui.element("div").classes("tile"):
        plain(words.of(DEFINITIONS[measure].name), classes="soft")
        if item.median is None or item.p90 is None:
            plain(_few(words, item.n), "b", "unsaid")
        else:
            over = item.target is not None and item.median > item.target
            plain(span(item.median, words), "b", "late" if over else "")
            plain(words("handling.p90_said", p90=span(item.p90, words)), classes="small")
        if item.target is not None:
            plain(words("handling.target", target=_target(words, item.target)), classes="small")
        if item.within is not None and item.within.share is not None:
            share = f"{item.within.share:.1%}"
            said = words("handling.within", share=share, n=item.within.whole)
            plain(said, classes="soft small")
        plain(words("handling.n", n=item.n, waiting=item.waiting), classes="soft small")


def _share_tile(words: Words, name: str, item: Portion | None) -> None:
    with ui.element("li"), ui.element("div").classes("tile"):
        plain(words(f"handling.{name}"), classes="soft")
        if item is None or item.share is None:
            plain(_few(words, 0 if item is None else item.whole), "b", "unsaid")
        else:
            over = item.target is not None and item.share > item.target
            plain(f"{item.share:.1%}", "b", "late" if over else "")
            plain(words("handling.part", part=item.part, whole=item.whole), classes="soft small")
        if item is not None and item.target is not None:
            plain(words("handling.at_most", target=f"{item.target:.0%}"), classes="small")


def _cost_tile(words: Words, cost: Sum | None) -> None:
    with ui.element("li"), ui.element("div").classes("tile"):
        plain(words("handling.cost"), classes="soft")
        if cost is None or cost.currency is None:
            plain(words("handling.no_crises"), "b", "unsaid")
        else:
            plain(f"{cost.amount:,.2f} {cost.currency}", "b")
            plain(words("handling.cost_n", n=cost.n), classes="soft small")
            if cost.partial:
                plain(words("handling.partial", n=cost.partial), classes="soon small")
        plain(words("handling.example_rates"), classes="soon small")


def _times(words: Words, row: Row) -> None:
    """Every measure of all crises."""
    plain(words("handling.times"), "h2")
    with scroller(words("handling.times")), ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("measure", "median", "p90", "cases", "waiting_title", "kept"):
                plain(words(f"handling.{name}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for measure, item in row.spreads.items():
                with ui.element("tr"):
                    with ui.element("td").classes("wrap"):
                        plain(words.of(DEFINITIONS[measure].name))
                    plain(_span_or_few(words, item.median, item.n), "td")
                    plain("–" if item.p90 is None else span(item.p90, words), "td")
                    plain(str(item.n), "td")
                    plain(str(item.waiting), "td")
                    plain(_kept(words, item), "td")
    plain(words("handling.method"), "p", "soft small")


def _kept(words: Words, item: Spread) -> str:
    if item.target is None:
        return "–"
    if item.within is None or item.within.share is None:
        return words("handling.few_short")
    return f"{item.within.share:.1%} ≤ {_target(words, item.target)}"


def _chart(visit: Visit, row: Row) -> None:
    """Median and p90 in hours, measure by measure."""
    words = visit.words
    shown = [measure for measure in _CHARTED if row.spreads[measure].median is not None]
    chart = bar(
        words("handling.chart"),
        [words.of(DEFINITIONS[measure].name) for measure in shown],
        [
            Series(words("handling.median"), [_hours(row.spreads[m].median) for m in shown]),
            Series(words("handling.p90"), [_hours(row.spreads[m].p90) for m in shown]),
        ],
        unit=words("unit.hour"),
    )
    show(visit, chart)


def _rows(
    board: Board,
    visit: Visit,
    period: Span,
    asked: Mapping[str, str],
    by: Sequence[Axis],
    table: HandlingTable,
) -> None:
    words = visit.words
    names = _names(board, words)
    with ui.element("div").classes("line"):
        plain(words("handling.by"), "h2")
        kept = {name: value for name, value in asked.items() if value}
        for axis in Axis:
            query = urlencode({**kept, **period.query(), "by": axis.value})
            anchor = link(f"{BASE}/handling?{query}", words.choice("handling.axes", axis.value))
            if axis in by:
                put(anchor.classes("strong"), aria_current="true")
    if not table.rows:
        plain(words("handling.no_crises"), "p", "soft")
        return
    measures = (Measure.ACKNOWLEDGE, Measure.FIRST_RESPONSE, Measure.HANDLING)
    with scroller(words("handling.by")), ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            plain(words.choice("handling.axes", by[0].value), "th").props('scope="col"')
            plain(words("handling.crises"), "th").props('scope="col"')
            for measure in measures:
                plain(words.of(DEFINITIONS[measure].name), "th").props('scope="col"')
            for name in ("breaches", "recurrence", "cost"):
                plain(words(f"handling.{name}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for row in table.rows:
                with ui.element("tr"):
                    key = row.key.get(by[0])
                    plain(_key_said(words, names, by[0], key), "td")
                    plain(str(row.crises), "td")
                    for measure in measures:
                        item = row.spreads.get(measure)
                        said = "–" if item is None else _span_or_few(words, item.median, item.n)
                        plain(said, "td")
                    plain(_share_said(words, row.breaches), "td")
                    plain(_share_said(words, row.recurrence), "td")
                    cost = row.cost
                    has = cost is not None and cost.currency is not None
                    plain(f"{cost.amount:,.2f} {cost.currency}" if has and cost else "–", "td")


def _complaints(words: Words, table: HandlingTable) -> None:
    found, least = table.complaints, table.least
    if found is None:
        return
    plain(words("handling.complaints"), "h2")
    with ui.element("dl").classes("facts"):
        for name, number in (
            ("opened", found.opened),
            ("complaints_waiting", found.waiting),
            ("overdue", found.overdue),
        ):
            plain(words(f"handling.{name}"), "dt")
            plain(f"{number:,}", "dd", "late" if name == "overdue" and number else "")
        for name, value, n in (
            ("csat", found.csat, found.rated),
            ("nps", found.nps, found.nps_rated),
        ):
            plain(words(f"handling.{name}"), "dt")
            enough = n >= least and value is not None
            plain(f"{value:,.1f} (n={n})" if enough else _few(words, n), "dd")


def _names(board: Board, words: Words) -> dict[Axis, dict[str, str]]:
    tiers = {item.id: words.of(item.name) for item in board.container.library.tiers.tiers}
    return {Axis.TIER: tiers, Axis.SCENARIO: board.scenario_names(words), Axis.TEAM: {}}


def _key_said(
    words: Words, names: Mapping[Axis, Mapping[str, str]], axis: Axis, key: str | None
) -> str:
    if key is None:
        return words("handling.all_teams" if axis is Axis.TEAM else "handling.unnamed")
    return words.choice("role", key) if axis is Axis.TEAM else names[axis].get(key, key)


def _share_said(words: Words, item: Portion | None) -> str:
    if item is None:
        return "–"
    if item.share is None:
        return words("handling.few_short")
    return f"{item.share:.1%} ({item.part}/{item.whole})"


def _span_or_few(words: Words, length: timedelta | None, n: int) -> str:
    if length is not None:
        return span(length, words)
    return words("handling.few_short") if n else "–"


def _few(words: Words, n: int) -> str:
    return words("handling.few", n=n)


def _target(words: Words, target: timedelta) -> str:
    return f"{target / _HOUR:g} {words('unit.hour')}"


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length / _HOUR, 2)
