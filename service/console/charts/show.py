"""A chart on a page: its title, the drawing, and its numbers for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.console.charts.model import Chart, Point
from service.console.session import Visit
from service.console.theme import button, plain, put
from service.console.toolkit import Timer

OnPoint = Callable[[Point], Awaitable[object]]
OnRange = Callable[[int, int], Awaitable[object]]
_ARM_S = 0.5
"""Until the drawing stands in the browser."""
_BRUSH = {"brushType": "lineX", "brushMode": "single"}


def show(
    visit: Visit,
    chart: Chart,
    *,
    on_point: OnPoint | None = None,
    on_range: OnRange | None = None,
) -> ui.element:
    """Draw the chart. `on_point` is called with what somebody pressed, in the drawing or, by
    keyboard, in the first column of the numbers; `on_range` with the first and the last label of
    what was brushed over with the mouse, in a chart along labels: give fields for it beside."""
    words = visit.words
    with ui.element("figure").classes("chart") as figure:
        plain(chart.title, "figcaption", "strong foreign")
        if chart.is_empty:
            plain(words("chart.none"), "p", "soft")
            return figure
        brush = {"brush": {"xAxisIndex": 0, **_BRUSH}} if on_range is not None else {}
        drawing = ui.echart({**chart.options, **brush}, renderer="canvas")
        drawing.classes("canvas tall" if chart.tall else "canvas")
        put(drawing, role="img", aria_label=chart.title)
        if on_point is not None:
            drawing.on(
                "componentClick",
                partial(_pressed, chart, on_point),
                ["seriesIndex", "dataIndex", "dataType"],
            )
        if on_range is not None:
            drawing.on("chart:brushEnd", partial(_brushed, on_range), ["areas"])
            Timer(visit.drawn, _ARM_S, partial(_arm, drawing), once=True)
        with ui.element("details").classes("more"):
            plain(words("chart.numbers"), "summary", "small")
            with put(ui.element("div"), tabindex="0").classes("numbers"):
                _draw_numbers(chart, on_point)
    return figure


def _arm(drawing: ui.echart) -> None:
    """Let the mouse brush at once, without a button for it."""
    cursor = {"type": "takeGlobalCursor", "key": "brush", "brushOption": _BRUSH}
    drawing.run_chart_method("dispatchAction", cursor)


async def _brushed(on_range: OnRange, event: GenericEventArguments) -> None:
    sent = event.args if isinstance(event.args, dict) else {}
    areas = sent.get("areas")
    if not isinstance(areas, list) or not areas or not isinstance(areas[0], dict):
        return
    ends = areas[0].get("coordRange")
    if isinstance(ends, list) and len(ends) == 2 and all(type(end) is int for end in ends):
        await on_range(min(ends), max(ends))


async def _pressed(chart: Chart, on_point: OnPoint, event: GenericEventArguments) -> None:
    sent = event.args if isinstance(event.args, dict) else {}
    if sent.get("dataType") == "edge":
        return
    point = chart.points.get((sent.get("seriesIndex") or 0, sent.get("dataIndex", -1)))
    if point is not None:
        await on_point(point)


def _draw_numbers(chart: Chart, on_point: OnPoint | None) -> None:
    by_row = {point.index: point for (series, _), point in chart.points.items() if series == 0}
    drills = on_point is not None and len(by_row) == len(chart.body)
    with ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for name in chart.head:
                plain(name, "th").props('scope="col"')
        with ui.element("tbody"):
            for place, row in enumerate(chart.body):
                with ui.element("tr"):
                    with ui.element("th").props('scope="row"'):
                        if drills and on_point is not None:
                            press = partial(on_point, by_row[place])
                            button(row[0], press, "act-quiet act-small")
                        else:
                            plain(row[0], classes="foreign")
                    for value in row[1:]:
                        plain(value, "td", "foreign")
