"""Entries as JSON: amounts as decimal digits, each with the rate that made it what it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from service.incidents import format_instant
from service.risks.assessment import Assessment, Total
from service.risks.model import MONEY, Change, Link, Snapshot, draft_json
from service.risks.money import Converted, Rate
from service.risks.register import Entry


def entry_json(entry: Entry, *, reporting: str) -> dict[str, Any]:
    """All of an entry but its links."""
    risk, review = entry.risk, entry.review
    return {
        "id": risk.id,
        **snapshot_json(risk),
        **assessment_json(entry.assessment, reporting=reporting),
        "owner": {"id": entry.owner.id, "name": entry.owner.name, "left": entry.owner.left},
        "review": {
            "due_at": None
            if review.due_at is None or risk.retired
            else format_instant(review.due_at),
            "overdue": entry.is_overdue,
            "overdue_since": None
            if review.overdue_since is None or risk.retired
            else format_instant(review.overdue_since),
            "missed": review.missed,
        },
        "created_by": risk.created_by,
        "created_at": format_instant(risk.created_at),
        "updated_at": format_instant(risk.updated_at),
        "version": risk.version,
    }


def assessment_json(assessment: Assessment, *, reporting: str) -> dict[str, Any]:
    """The score with its working, and the money in the reporting currency."""
    score = assessment.score
    return {
        "score": {
            "value": float(score.value),
            "band": score.band,
            "working": score.working,
            "parts": [
                {
                    "name": part.name,
                    "coefficient": part.coefficient,
                    "weight": float(part.weight),
                    "points": float(part.points),
                }
                for part in score.parts
            ],
            "likelihood": score.likelihood,
            "chance": float(score.chance),
        },
        "reporting": {
            "currency": reporting,
            **{name: digits(_amount(assessment.money[name])) for name in MONEY},
            "expected_loss": digits(assessment.expected_loss),
            "cost": digits(assessment.cost),
            "balance": digits(assessment.balance),
            "rates": _rates(assessment),
        },
    }


def snapshot_json(stood: Snapshot) -> dict[str, Any]:
    """What people have written of it, and where it stood."""
    return {
        **draft_json(stood.draft),
        "stage": stood.stage.value,
        "cycle": stood.cycle,
        "retired": stood.retired,
    }


def change_json(change: Change) -> dict[str, Any]:
    """One version."""
    return {
        "version": change.version,
        "kind": change.kind.value,
        "at": format_instant(change.at),
        "by": change.by,
        "note": change.note,
        "data": dict(change.data),
        "entry": snapshot_json(change),
    }


def link_json(link: Link) -> dict[str, Any]:
    """One link; without title and state where there is nothing to see any more."""
    return {
        "kind": link.kind.value,
        "id": link.target_id,
        "title": link.title,
        "state": link.state,
        "by": link.by,
        "at": format_instant(link.at),
    }


def rate_json(rate: Rate) -> dict[str, Any]:
    """One rate of exchange."""
    return {
        "currency": rate.currency,
        "reporting": rate.reporting,
        "day": rate.day.isoformat(),
        "rate": f"{rate.rate:f}",
        "origin": rate.origin,
        "by": rate.by,
        "version": rate.version,
    }


def total_json(total: Total) -> dict[str, Any]:
    """Sums, and how many entries are not in them."""
    return {
        "entries": total.entries,
        "left_out": total.left_out,
        "loss": digits(total.loss),
        "expected_loss": digits(total.expected_loss),
        "cost": digits(total.cost),
        "balance": digits(total.balance),
    }


def digits(amount: Decimal | None) -> str | None:
    """Decimal digits without an exponent."""
    return None if amount is None else f"{amount:f}"


def _amount(converted: Converted | None) -> Decimal | None:
    return None if converted is None else converted.amount


def _rates(assessment: Assessment) -> dict[str, dict[str, str]]:
    return {
        item.rate.currency: {"rate": f"{item.rate.rate:f}", "day": item.rate.day.isoformat()}
        for item in assessment.money.values()
        if item is not None and item.rate is not None
    }
