"""Measures of handling as JSON. Times are in seconds, amounts decimal digits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from service.complaints import Clock, ComplaintFigures
from service.handling.board import HandlingTable
from service.handling.cost import FORMULA, Cost, Entry, Line, Sum
from service.handling.course import Axis, Handled
from service.handling.definition import DEFINITIONS, Measure
from service.handling.figures import METHOD, Portion, Row, Spread, portion
from service.handling.ledger import CostFile
from service.handling.pricing import Pricing
from service.incidents import format_instant
from service.indicators.figure import Share, Silence
from service.risks.money import money_json


def definitions_json(pricing: Pricing) -> dict[str, Any]:
    """What each measure is, how figures are made, and what an hour costs."""
    return {
        "method": METHOD,
        "measures": [
            {
                "id": measure.value,
                "name": dict(item.name),
                "since": item.since.value,
                "until": item.until,
                "steps": list(item.steps),
                "target_s": _seconds(item.target),
            }
            for measure, item in DEFINITIONS.items()
        ],
        "cost": {"formula": FORMULA, **pricing.model_dump(mode="json")},
    }


def table_json(table: HandlingTable) -> dict[str, Any]:
    """Totals, rows, and how complaints were answered."""
    wanted, figures = table.wanted, table.complaints
    return {
        "since": format_instant(wanted.window.since),
        "until": format_instant(wanted.window.until),
        "monitor": wanted.monitor,
        "scenario": wanted.scenario,
        "tier": wanted.tier,
        "by": [axis.value for axis in table.by],
        "least": table.least,
        "total": _row(table.total, ()),
        "items": [_row(row, table.by) for row in table.rows],
        "complaints": None if figures is None else _complaints(figures, least=table.least),
    }


def handled_json(item: Handled) -> dict[str, Any]:
    """One crisis."""
    due = item.fallen_due
    return {
        "id": item.id,
        "monitor": item.monitor_id,
        "scenario": item.scenario,
        "tier": item.tier,
        "state": item.state,
        "title": item.title,
        "first_post_at": format_instant(item.first_post_at),
        "opened_at": format_instant(item.opened_at),
        "spans": {measure.value: _seconds(item.span(measure)) for measure in Measure},
        "waiting": [measure.value for measure in Measure if measure in item.waiting],
        "teams": {measure.value: team for measure, team in item.teams.items()},
        "steps": {"due": int(due.whole), "breached": int(due.part)},
        "recurs": item.recurs,
        "cost": cost_json(item.cost),
    }


def file_json(file: CostFile) -> dict[str, Any]:
    """What a crisis cost, with what was entered."""
    return {
        "incident": file.incident_id,
        "formula": FORMULA,
        **cost_json(file.cost),
        "entries": [_entry(item) for item in file.entries],
    }


def cost_json(cost: Cost) -> dict[str, Any]:
    """The sum with its working; what is missing from it is named."""
    return {
        "amount": f"{cost.amount:f}",
        "currency": cost.currency,
        "working": cost.working,
        "whole": cost.is_whole,
        "lines": [_line(item) for item in cost.lines],
        "left_out": [money_json(item) for item in cost.left_out],
        "unpriced": list(cost.unpriced),
    }


def _row(row: Row, by: Sequence[Axis]) -> dict[str, Any]:
    return {
        **{axis.value: row.key.get(axis) for axis in by},
        "crises": row.crises,
        "measures": {item.value: spread_json(found) for item, found in row.spreads.items()},
        "breach_rate": _portion(row.breaches),
        "recurrence": _portion(row.recurrence),
        "cost": None if row.cost is None else sum_json(row.cost),
    }


def spread_json(item: Spread) -> dict[str, Any]:
    """One measure over some crises."""
    return {
        "n": item.n,
        "waiting": item.waiting,
        "median_s": _seconds(item.median),
        "p90_s": _seconds(item.p90),
        "reason": _reason(item.silence),
        "target_s": _seconds(item.target),
        "within": _portion(item.within),
    }


def _portion(item: Portion | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "part": item.part,
        "n": item.whole,
        "share": item.share,
        "reason": _reason(item.silence),
        "target": item.target,
    }


def _complaints(figures: ComplaintFigures, *, least: int) -> dict[str, Any]:
    rated, asked = figures.rated >= least, figures.nps_rated >= least
    return {
        "opened": figures.opened,
        "waiting": figures.waiting,
        "overdue": figures.overdue,
        "answered_in_time": {
            clock.value: {
                **(_portion(portion(Share(part=kept.in_time, whole=kept.due), least=least)) or {}),
                "median_s": _seconds(kept.median if kept.due >= least else None),
                "p90_s": _seconds(kept.p90 if kept.due >= least else None),
            }
            for clock, kept in ((clock, figures.clocks[clock]) for clock in Clock)
        },
        "csat": {
            "mean": figures.csat if rated else None,
            "n": figures.rated,
            "reason": None if rated else Silence.NOT_ENOUGH_DATA.value,
        },
        "nps": {
            "score": figures.nps if asked else None,
            "n": figures.nps_rated,
            "reason": None if asked else Silence.NOT_ENOUGH_DATA.value,
        },
    }


def sum_json(item: Sum) -> dict[str, Any]:
    """The cost of some crises."""
    return {
        "amount": f"{item.amount:f}",
        "currency": item.currency,
        "n": item.n,
        "partial": item.partial,
        "left_out": [money_json(money) for money in item.left_out],
    }


def _line(item: Line) -> dict[str, Any]:
    rate = None if item.converted is None else item.converted.rate
    return {
        "kind": item.kind.value,
        "of": item.of,
        "hours": None if item.hours is None else f"{item.hours:f}",
        "hourly": None if item.hourly is None else f"{item.hourly:f}",
        "estimated": item.estimated,
        "given": money_json(item.given),
        "amount": None if item.converted is None else f"{item.converted.amount:f}",
        "rate": None
        if rate is None
        else {"rate": f"{rate.rate:f}", "day": rate.day.isoformat(), "origin": rate.origin},
    }


def _entry(item: Entry) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind.value,
        "role": item.role,
        "hours": None if item.hours is None else f"{item.hours:f}",
        "money": None if item.money is None else money_json(item.money),
        "promise": item.promise,
        "note": item.note,
        "at": format_instant(item.at),
        "by": item.by,
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _reason(silence: Silence | None) -> str | None:
    return None if silence is None else silence.value
