"""Line, bar, heat map and funnel as options of the drawing library; nothing in them is a function.

Keys that begin with a colon are expressions of ours for colours of the theme. Data never becomes a
key, and no formatter is ever set: the library's own way of showing text runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.console.charts.model import FONT, Chart, Point, Series, Value, colour, label
from service.console.format import measure

_PALETTE = tuple(f"chart-{number}" for number in range(1, 7))
_LABEL_PX = 96
_PLOT_PX = 640
"""What labels may share where there are few of them; a plot is hardly ever narrower at a desk."""
_WIDE_PX = 1_000
_BETWEEN_PX = 12
_MOST_NAMED = 24
_SLANTED = {"rotate": 28, "interval": 0, "hideOverlap": False}
_SYMBOLS = ("circle", "rect", "triangle", "diamond", "roundRect", "pin")
"""Series differ by symbol too, not by colour alone."""
_DASHES = ("solid", "dashed", "dotted")


def line(title: str, labels: Sequence[str], series: Sequence[Series], *, unit: str = "") -> Chart:
    """Values over labels, mostly over time. Raises ValueError for a series of another length."""
    rows = [
        {
            "type": "line",
            "name": label(one.name),
            "data": list(one.values),
            "symbol": _SYMBOLS[place % len(_SYMBOLS)],
            "showSymbol": len(labels) <= 60,
            "lineStyle": {
                "type": _DASHES[place // len(_PALETTE) % len(_DASHES)],
                ":color": _of(place),
            },
            "itemStyle": {":color": _of(place)},
        }
        for place, one in enumerate(series)
    ]
    return _along(title, labels, series, unit, rows, gap=False)


def bar(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    stacked: bool = False,
    each_named: bool = False,
) -> Chart:
    """Values beside each other, or stacked. With `each_named` no label is left out: many long ones
    are slanted. Raises ValueError for a series of another length."""
    rows = [
        {
            "type": "bar",
            "name": label(one.name),
            "data": list(one.values),
            "barMaxWidth": 36,
            **({"stack": "all"} if stacked else {}),
            "itemStyle": {":color": _of(place)},
        }
        for place, one in enumerate(series)
    ]
    chart = _along(title, labels, series, unit, rows, gap=True)
    if each_named and _crowded(labels):
        axis = chart.options["xAxis"]
        slanted = {**axis, "axisLabel": {**axis["axisLabel"], **_SLANTED}}
        return replace(chart, options={**chart.options, "xAxis": slanted})
    return chart


def heat_map(
    title: str,
    columns: Sequence[str],
    rows: Sequence[str],
    values: Sequence[Sequence[Value]],
    *,
    unit: str = "",
) -> Chart:
    """`values[row][column]`, such as posts by weekday and hour. None is an empty cell.

    Raises ValueError where the values are not rows × columns.
    """
    _same(len(values), len(rows))
    for row in values:
        _same(len(row), len(columns))
    cells = [
        (across, down, value)
        for down, row in enumerate(values)
        for across, value in enumerate(row)
        if value is not None
    ]
    numbers = [value for _, _, value in cells]
    return Chart(
        title=title,
        head=(unit, *map(label, columns)),
        body=tuple(
            (label(rows[down]), *(measure(value) for value in row))
            for down, row in enumerate(values)
        ),
        points={
            (0, index): Point(rows[down], columns[across], index)
            for index, (across, down, _) in enumerate(cells)
        },
        options=ground()
        | {
            # The scale below the labels needs room of its own.
            "grid": {**ground()["grid"], "top": 12, "bottom": 66},
            "xAxis": _categories(columns, gap=True),
            "yAxis": {**_categories(rows, gap=True), "inverse": True},
            "visualMap": {
                "min": min([0.0, *numbers]),
                "max": max([1.0, *numbers]),
                "calculable": False,
                "orient": "horizontal",
                "left": "center",
                "bottom": 0,
                "itemHeight": 90,
                "textStyle": {":color": colour("soft")},
                "inRange": {":color": f"[{colour('heat-low')}, {colour('heat-high')}]"},
            },
            "series": [{"type": "heatmap", "data": [list(cell) for cell in cells]}],
        },
    )


def funnel(
    title: str,
    stages: Sequence[tuple[str, Value]],
    *,
    unit: str = "",
    head: tuple[str, str, str],
) -> Chart:
    """Stages in their order, each a part of the one before. `head` names the table's columns:
    stage, value, share of the stage before. None is told as unknown."""
    body = []
    for place, (name, value) in enumerate(stages):
        before = stages[place - 1][1] if place else None
        share = f"{value / before:.1%}" if before and value is not None else "–"
        body.append((label(name), measure(value), share))
    data = [
        {"name": f"{label(name)} {measure(value)}", "value": value or 0, "itemStyle": _item(place)}
        for place, (name, value) in enumerate(stages)
    ]
    return Chart(
        title=title,
        head=(head[0], f"{head[1]} {unit}".strip(), head[2]),
        body=tuple(body),
        points={(0, index): Point("", name, index) for index, (name, _) in enumerate(stages)},
        options=ground()
        | {
            "series": [
                {
                    "type": "funnel",
                    "sort": "none",
                    "data": data,
                    "left": "8%",
                    "width": "58%",
                    "minSize": "4%",
                    "top": 12,
                    "bottom": 12,
                    "gap": 3,
                    "label": {
                        "position": "right",
                        "width": 260,
                        "overflow": "truncate",
                        ":color": colour("text"),
                    },
                }
            ]
        },
    )


def _along(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    rows: list[dict[str, Any]],
    *,
    gap: bool,
) -> Chart:
    for one in series:
        _same(len(one.values), len(labels))
    return Chart(
        title=title,
        head=(unit, *(label(one.name) for one in series)),
        body=tuple(
            (label(name), *(measure(one.values[place]) for one in series))
            for place, name in enumerate(labels)
        ),
        points={
            (row, place): Point(one.name, name, place)
            for row, one in enumerate(series)
            for place, name in enumerate(labels)
        },
        options=ground(axis=True)
        | {
            "legend": {
                "show": len(series) > 1,
                "type": "scroll",
                "top": 0,
                "textStyle": {":color": colour("text")},
            },
            "xAxis": _categories(labels, gap=gap),
            "yAxis": {
                "type": "value",
                "name": label(unit),
                "axisLabel": {":color": colour("soft")},
                "nameTextStyle": {":color": colour("soft")},
                # Nobody counts half a crisis: between whole numbers there is no line.
                **({"minInterval": 1} if _counts(series) else {}),
                "splitLine": {"lineStyle": {":color": colour("line")}},
            },
            "series": rows,
        },
    )


def ground(*, axis: bool = False) -> dict[str, Any]:
    """What every kind has: a tooltip that is drawn, not set as HTML; no motion; the theme's ink."""
    return {
        "animation": False,
        "textStyle": {":fontFamily": FONT, ":color": colour("text")},
        "grid": {"left": 12, "right": 34, "top": 36, "bottom": 34, "containLabel": True},
        "tooltip": {
            "show": True,
            "renderMode": "richText",
            "confine": True,
            "trigger": "axis" if axis else "item",
            ":backgroundColor": colour("surface"),
            ":borderColor": colour("line"),
            "textStyle": {":color": colour("text")},
        },
    }


def _categories(labels: Sequence[str], *, gap: bool) -> dict[str, Any]:
    return {
        "type": "category",
        "data": [label(name) for name in labels],
        "boundaryGap": gap,
        "axisLabel": {
            "width": max(_LABEL_PX, _PLOT_PX // max(len(labels), 1)),
            "overflow": "truncate",
            "hideOverlap": True,
            ":color": colour("soft"),
        },
        "axisLine": {"lineStyle": {":color": colour("line")}},
        "axisTick": {"show": False},
    }


def _crowded(labels: Sequence[str]) -> bool:
    """Whether bars, few enough to be named each, do not fit their names side by side."""
    widths = [sum(12 if ord(sign) > 0x2E7F else 7 for sign in name) for name in labels]
    needed = sum(min(width, _LABEL_PX) + _BETWEEN_PX for width in widths)
    return len(labels) <= _MOST_NAMED and needed > _WIDE_PX


def _counts(series: Sequence[Series]) -> bool:
    """Whether every value is a whole number."""
    values = [value for one in series for value in one.values if value is not None]
    return all(float(value).is_integer() for value in values)


def _of(place: int) -> str:
    return colour(_PALETTE[place % len(_PALETTE)])


def _item(place: int) -> Mapping[str, str]:
    return {":color": _of(place)}


def _same(length: int, expected: int) -> None:
    if length != expected:
        raise ValueError(f"{length} values for {expected} labels")
