"""Measures of handling as CSV for spreadsheets: no cell is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.handling.board import HandlingTable
from service.handling.course import Axis, Handled
from service.handling.definition import Measure
from service.handling.figures import Row
from service.handling.views import handled_json, spread_json, sum_json
from service.moderation.review.export import csv_line

_TABLE = (
    *("tier", "scenario", "team", "measure", "n", "waiting", "median_s", "p90_s", "target_s"),
    *("part", "whole", "share", "target_share", "amount", "currency", "partial", "reason"),
)
_CRISES = (
    *("id", "monitor", "scenario", "tier", "state", "title", "first_post_at", "opened_at"),
    *(f"{measure.value}_s" for measure in Measure),
    *("steps_due", "steps_breached", "recurs", "cost", "currency", "cost_is_whole"),
)


def table_csv(table: HandlingTable) -> bytes:
    """A line for each figure; the total has no tier, scenario and team."""
    lines = [csv_line(_TABLE)]
    for row in (table.total, *table.rows):
        key = {axis.value: row.key.get(axis) for axis in Axis}
        lines += [_csv(_TABLE, key | cells) for cells in _cells(row)]
    return b"".join(lines)


def crises_csv(crises: Iterable[Handled]) -> bytes:
    """A line for each crisis."""
    lines = [csv_line(_CRISES)]
    for item in crises:
        view = handled_json(item)
        spans = {f"{name}_s": value for name, value in view["spans"].items()}
        steps = {f"steps_{name}": value for name, value in view["steps"].items()}
        money = {
            "cost": view["cost"]["amount"],
            "currency": view["cost"]["currency"],
            "cost_is_whole": view["cost"]["whole"],
        }
        lines.append(_csv(_CRISES, view | spans | steps | money))
    return b"".join(lines)


def _cells(row: Row) -> Iterable[dict[str, Any]]:
    """Of one row of the table, by column."""
    for measure, item in row.spreads.items():
        cells = spread_json(item)
        within = cells.pop("within") or {}
        yield {
            "measure": measure.value,
            **cells,
            "part": within.get("part"),
            "whole": within.get("n"),
            "share": within.get("share"),
        }
    for name, found in (("breach_rate", row.breaches), ("recurrence", row.recurrence)):
        if found is not None:
            yield {
                "measure": name,
                "n": found.whole,
                "part": found.part,
                "whole": found.whole,
                "share": found.share,
                "target_share": found.target,
                "reason": None if found.silence is None else found.silence.value,
            }
    if row.cost is not None:
        yield {"measure": "cost", **sum_json(row.cost)}


def _csv(columns: Sequence[str], values: Mapping[str, Any]) -> bytes:
    return csv_line([_cell(values.get(column)) for column in columns])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)
