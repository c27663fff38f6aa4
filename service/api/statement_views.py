"""How statements and promises look from outside, and examples of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playbooks.emotion_matrix import Advice
from playbooks.statements import Finding, Linted, finding_json
from service.api.views import plain
from service.statements import PromiseRow, Statement, StatementFile
from service.statements.model import Edition

_STATEMENT = {
    "id": "stm_0123456789abcdef0123",
    "incident": "inc_0123456789abcdef0123",
    "template": "product_quality.holding",
    "kind": "holding",
    "lang": "zh",
    "title": "质量投诉首份声明",
    "state": "submitted",
    "edition": 2,
    "emotion": "angry",
    "intensity": "marked",
    "blocking": 0,
    "promises": 1,
    "created_by": "usr_0123456789abcdef0123",
    "created_at": "2026-03-02T06:20:00.000Z",
    "submitted_at": "2026-03-02T06:31:00.000Z",
    "approved_at": None,
    "published_at": None,
    "withdrawn_at": None,
    "updated_at": "2026-03-02T06:31:00.000Z",
    "version": 3,
}
STATEMENTS = {"items": [_STATEMENT], "next": None}
_PROMISE = {
    "id": "prm_0123456789abcdef0123",
    "statement": "stm_0123456789abcdef0123",
    "incident": "inc_0123456789abcdef0123",
    "kind": "refund",
    "text": "同批次产品全额退款。",
    "owner": "service",
    "due_at": "2026-03-09T10:00:00.000Z",
    "state": "open",
    "made_at": "2026-03-02T07:00:00.000Z",
    "overdue_at": None,
    "kept_at": None,
    "evidence": None,
    "version": 3,
}
TEMPLATES = {
    "items": [
        {
            "id": "product_quality.holding",
            "title": {"zh": "质量投诉首份声明", "en": "Holding statement on product quality"},
            "kind": "holding",
            "lang": "zh",
            "scenarios": ["product_quality"],
            "variables": [
                {"name": "brand", "zh": "品牌或公司全称", "required": True, "filled": True},
                {"name": "product", "zh": "产品名称和型号", "required": True, "filled": False},
            ],
        }
    ],
    "next": None,
}
PROMISES = {"items": [_PROMISE], "next": None}
_FINDING = {
    "code": "unverified_fact",
    "start": 7,
    "end": 9,
    "surface": "38",
    "why": {
        "zh": "事件的评估和证据里没有这个数字或日期",
        "en": "neither the assessment nor the evidence of the incident has this figure or date",
    },
    "do": {
        "zh": "核对后连同来源登记为事实，或者删掉",
        "en": "check it and record it as a fact with its source, or take it out",
    },
    "weight": "blocking",
    "promise": None,
    "clause": None,
}
LINTED = {"blocking": 1, "findings": [_FINDING], "degraded": []}


def statement_view(statement: Statement) -> dict[str, Any]:
    """A statement of a list: without its text."""
    view: dict[str, Any] = plain(statement)
    return _renamed(view, "incident_id", "incident")


def edition_view(edition: Edition) -> dict[str, Any]:
    """One wording with its findings."""
    return {
        "number": edition.number,
        "title": edition.title,
        "text": edition.text,
        "values": dict(edition.variables),
        "facts": plain(edition.facts),
        "findings": _findings(edition.findings),
        "degraded": list(edition.degraded),
        "note": edition.note,
        "by": edition.by,
        "at": plain(edition.at),
        "version": edition.version,
    }


def file_view(file: StatementFile) -> dict[str, Any]:
    """Everything about one statement."""
    return statement_view(file.statement) | {
        "wording": edition_view(file.edition),
        "approvals": plain(file.approvals),
        "need": plain(file.need) | {"total": file.need.total},
        "missing": list(file.missing),
        "ledger": [promise_view(row) for row in file.promises],
        "places": plain(file.places),
        "advice": advice_view(file.advice),
        "checks": plain(file.checks),
    }


def promise_view(row: PromiseRow) -> dict[str, Any]:
    """One row of the ledger."""
    view = _renamed(plain(row), "incident_id", "incident")
    return _renamed(view, "statement_id", "statement")


def linted_view(linted: Linted) -> dict[str, Any]:
    """The findings of a trial."""
    return {
        "blocking": len(linted.blocking),
        "findings": _findings(linted.findings),
        "degraded": list(linted.degraded),
    }


def advice_view(advice: Advice | None) -> dict[str, Any] | None:
    """How to answer; `within_s` in seconds."""
    if advice is None:
        return None
    register = advice.register
    return {
        "emotion": advice.emotion,
        "intensity": advice.intensity.value,
        "tier": advice.tier,
        "register": {"id": register.id, "name": plain(register.name), "how": plain(register.how)},
        "opening": plain(advice.opening),
        "closing": plain(advice.closing),
        "role": advice.role.value,
        "within_s": advice.within.total_seconds(),
    }


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [finding_json(finding) for finding in findings]


def _renamed(view: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in view.items()}
