"""Exactly five kinds of chart: safe whatever their labels are, and each with its numbers."""

from __future__ import annotations

from service.console.charts.kinds import bar, funnel, heat_map, line
from service.console.charts.model import Chart, Edge, Node, Point, Series
from service.console.charts.show import show
from service.console.charts.spread import spread_graph

__all__ = [
    "Chart",
    "Edge",
    "Node",
    "Point",
    "Series",
    "bar",
    "funnel",
    "heat_map",
    "line",
    "show",
    "spread_graph",
]
