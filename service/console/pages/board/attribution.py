"""Why an indicator changed: the parts of the change, by source, topic, authors and brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

from nicegui import ui

from service.auth import Principal
from service.console.charts import Point, Series, bar, show
from service.console.deeds import go
from service.console.figures import difference_said, number_said
from service.console.i18n import Words
from service.console.scope import Scope, select
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import plain, put
from service.indicators import (
    AuthorsBy,
    Earlier,
    Explained,
    IndicatorId,
    Measure,
    earlier,
)
from service.indicators.attribution import OTHER, Attribution, ValuePart
from service.indicators.changes import UNMARKED
from service.indicators.definition import Unit

_MEASURES: Mapping[IndicatorId, Sequence[Measure]] = {
    IndicatorId.VOLUME: (Measure.VOLUME,),
    IndicatorId.ENGAGEMENT: (Measure.ENGAGEMENT,),
    IndicatorId.NEGATIVE_SHARE: (Measure.NEGATIVE_SHARE, Measure.NEGATIVE),
    IndicatorId.NET_SENTIMENT: (Measure.NET_SENTIMENT,),
}
"""Indicators whose change can be taken apart."""
_UNITS = {
    Measure.VOLUME: Unit.POSTS,
    Measure.NEGATIVE: Unit.POSTS,
    Measure.ENGAGEMENT: Unit.ACTS,
    Measure.NEGATIVE_SHARE: Unit.SHARE,
    Measure.NET_SENTIMENT: Unit.BALANCE,
}
_FILTERS = frozenset({"source", "topic"})
ChoiceT = TypeVar("ChoiceT", Measure, Earlier, AuthorsBy)


def attribution_panel(visit: Visit, scope: Scope, item: IndicatorId, path: str) -> None:
    """The panel, where the indicator is one whose change can be taken apart."""
    measures = _MEASURES.get(item)
    if measures is None:
        return
    words = visit.words
    measure = _chosen(visit, "measure", measures)
    compared = _chosen(visit, "compared", tuple(Earlier))
    authors = _chosen(visit, "authors", tuple(AuthorsBy))
    with put(ui.element("section"), id="why").classes("panel stack"):
        plain(words("board.why"), "h2")
        plain(words("board.why_hint"), "p", "soft small")
        kept = {"monitor": scope.monitor.id, **scope.span.query()}
        form = put(ui.element("form"), method="get", action=f"{BASE}{path}#why")
        with form.classes("scope line"):
            for name, value in kept.items():
                put(ui.element("input"), type="hidden", name=name, value=value)
            if len(measures) > 1:
                names = {
                    one.value: words.choice("board.measured_as", one.value) for one in measures
                }
                select(words("board.measure"), "measure", names, measure.value)
            earliers = {one.value: words.choice("board.earliers", one.value) for one in Earlier}
            select(words("board.compared_with"), "compared", earliers, compared.value)
            groups = {one.value: words.choice("board.authors", one.value) for one in AuthorsBy}
            select(words("board.authors_by"), "authors", groups, authors.value)
            with put(ui.element("button"), type="submit", data_key="explain").classes("act"):
                plain(words("board.explain"))
        later(
            visit,
            partial(_explain, visit, scope, measure, compared, authors),
            partial(_draw, visit, scope, measure),
        )


async def _explain(
    visit: Visit,
    scope: Scope,
    measure: Measure,
    compared: Earlier,
    authors: AuthorsBy,
    principal: Principal,
) -> Explained:
    return await visit.container.indicators.changes.explain(
        principal,
        (scope.monitor.id,),
        measure,
        before=earlier(scope.window, compared, zone=visit.zone),
        after=scope.window,
        authors_by=authors,
    )


def _draw(visit: Visit, scope: Scope, measure: Measure, explained: Explained) -> None:
    words, found, unit = visit.words, explained.found, _UNITS[measure]
    if found is None:
        plain(words("board.why_not"), "p", "soft")
        return
    with ui.element("dl").classes("facts"):
        for name, value in (
            ("before", found.before),
            ("now", found.after),
            ("change", found.change),
        ):
            plain(words(f"board.{name}"), "dt")
            said = number_said(words, unit, value)
            plain(signed(words, unit, value) if name == "change" else said, "dd")
    if found.dimensions:
        _dimensions(words, unit, found)
    with ui.element("div").classes("halves"):
        for name in explained.dimensions:
            with ui.element("div").classes("stack"):
                _values(visit, scope, unit, name, found.values[name])


def _dimensions(words: Words, unit: Unit, found: Attribution) -> None:
    """What each dimension adds; with the rest they sum to the change."""
    plain(words("board.why_dimensions"), "h3", "strong")
    with ui.element("dl").classes("facts"):
        for name, part in found.dimensions.items():
            plain(words.choice("board.parts", name), "dt")
            plain(signed(words, unit, part), "dd")
        plain(words("board.why_rate"), "dt")
        plain(signed(words, unit, found.rate), "dd")


def _values(visit: Visit, scope: Scope, unit: Unit, name: str, parts: Sequence[ValuePart]) -> None:
    """A bar for each value of one dimension; those that are filters lead to their posts."""
    words = visit.words
    title = words.choice("board.parts", name)
    chart = bar(
        title,
        [_value_said(words, name, item.value) for item in parts],
        [Series(words("board.part"), [round(item.part, 4) for item in parts])],
    )

    async def drill(point: Point) -> None:
        value = parts[point.index].value
        if value not in (OTHER, UNMARKED):
            go(visit, scope.posts({name: value}))

    show(visit, chart, on_point=drill if name in _FILTERS else None)
    with ui.element("dl").classes("facts"):
        for item in parts[:3]:
            plain(_value_said(words, name, item.value), "dt", "foreign")
            plain(signed(words, unit, item.part), "dd")


def _value_said(words: Words, name: str, value: str) -> str:
    if value == OTHER:
        return words("board.part_other")
    if value == UNMARKED:
        return words("board.part_unmarked")
    return words.choice("board.groups", value) if name == "author" else value


def signed(words: Words, unit: Unit, value: float) -> str:
    """A change with its sign."""
    said = difference_said(words, unit, value)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{said}"


def _chosen(visit: Visit, name: str, choices: Sequence[ChoiceT]) -> ChoiceT:
    """What the address says; the first where it says nothing that there is."""
    asked = visit.query.get(name)
    return next((item for item in choices if item.value == asked), choices[0])
