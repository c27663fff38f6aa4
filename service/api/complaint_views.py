"""How complaints look from outside, and where a page of their queue ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from nlp.pii import masked
from playbooks.statements import finding_json
from service.api import cursor as cursors
from service.api.views import hidden, plain
from service.complaints import Complaint, ComplaintFigures, ComplaintFile, ComplaintRule, Reply
from service.complaints.lifecycle import allowed
from service.complaints.model import Answer, ClockRow, Rating
from service.complaints.repository import Position
from service.complaints.rules import body_of

COMPLAINT = {
    "items": [
        {
            "id": "cmp_0123456789abcdef0123",
            "monitor": "shanlan",
            "scenario": "pricing_refunds",
            "cause": "refund_slow",
            "state": "open",
            "clock": "answer",
            "due_at": "2026-03-02T06:29:00.000Z",
            "overdue": False,
            "assignee": None,
            "incident": "inc_0123456789abcdef0123",
            "author": "au_0123456789abcdef0123",
            "posts": 2,
            "breaches": 0,
            "actions": ["answer", "respond", "dismiss"],
            "version": 1,
        }
    ],
    "next": None,
}
_PLAIN = (
    *("id", "scenario", "cause", "origin", "drill", "author", "source", "url", "lang", "emotion"),
    *("intensity", "posted_at", "last_post_at", "posts", "state", "assignee", "round", "reopened"),
    *("disputed", "breaches", "csat", "nps", "opened_at", "opened_by", "answered_at"),
    *("responded_at", "resolved_at", "told_at", "rated_at", "ended_at", "erased_at"),
    *("updated_at", "version"),
)


def complaint_view(complaint: Complaint, *, now: datetime) -> dict[str, Any]:
    """A complaint of the queue, without its text."""
    return {name: plain(getattr(complaint, name)) for name in _PLAIN} | {
        "monitor": complaint.monitor_id,
        "rule": complaint.rule_id,
        "post": complaint.post_id,
        "incident": complaint.incident_id,
        "previous": complaint.previous_id,
        "clock": plain(complaint.clock),
        "due_at": None if complaint.resting else plain(complaint.due_at),
        "overdue": complaint.is_overdue(now),
        "actions": [deed.value for deed in allowed(complaint.state)],
    }


def file_view(file: ComplaintFile, *, now: datetime) -> dict[str, Any]:
    """Everything about one complaint; personal information is masked."""
    text = file.complaint.text
    return complaint_view(file.complaint, now=now) | {
        "text": None if text is None else masked(text),
        "thread": [
            {"post": item.post_id, **{n: plain(getattr(item, n)) for n in ("kind", "author")}}
            | {"posted_at": plain(item.posted_at), "at": plain(item.at)}
            for item in file.posts
        ],
        "clocks": [_clock(row) for row in file.clocks],
        "answers": [_answer(item) for item in file.answers],
        "ratings": [_rating(item) for item in file.ratings],
        "history": [
            plain(item) | {"note": None if item.note is None else masked(item.note)}
            for item in file.history
        ],
    }


def reply_view(reply: Reply) -> dict[str, Any]:
    """A draft with its findings, and the cell of the matrix that it follows."""
    advice = reply.advice
    return {
        "text": reply.text,
        "template": reply.template,
        "lang": reply.lang,
        "variables": dict(reply.variables),
        "findings": [finding_json(item) for item in reply.linted.findings],
        "blocking": len(reply.linted.blocking),
        "degraded": list(reply.linted.degraded),
        "advice": None
        if advice is None
        else {
            "emotion": advice.emotion,
            "intensity": advice.intensity.value,
            "tier": advice.tier,
            "register": plain(advice.register),
            "opening": plain(advice.opening),
            "closing": plain(advice.closing),
            "role": advice.role.value,
            "within_s": plain(advice.within),
        },
    }


def rule_view(rule: ComplaintRule) -> dict[str, Any]:
    """A rule; version 0 is the one that ships."""
    return {
        "id": rule.id,
        "name": rule.name,
        **body_of(rule),
        "created_at": plain(rule.created_at),
        "updated_at": plain(rule.updated_at),
        "version": rule.version,
    }


def figures_view(figures: ComplaintFigures) -> dict[str, Any]:
    """The report: shares in [0, 1], times in seconds."""
    view: dict[str, Any] = plain(figures)
    return view | {
        "clocks": {
            clock.value: {
                "due": kept.due,
                "in_time": kept.in_time,
                "share": kept.share,
                "median_s": plain(kept.median),
                "p90_s": plain(kept.p90),
            }
            for clock, kept in figures.clocks.items()
        }
    }


def written_place(position: Position) -> list[str | int]:
    """A place in the queue as a cursor holds it."""
    resting, due_at, complaint_id = position
    return [resting, due_at.isoformat(), complaint_id]


def place_of(scope: Sequence[Any], cursor: str | None) -> Position | None:
    """The place again. Raises BadCursor for what was not handed out for this list."""
    found = cursors.decode(scope, cursor)
    if found is None:
        return None
    try:
        resting, text, complaint_id = found
        due_at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise cursors.bad_cursor() from error
    named = isinstance(complaint_id, str) and 0 < len(complaint_id) <= 40
    if type(resting) is not int or resting not in (0, 1) or not named or "\0" in complaint_id:
        raise cursors.bad_cursor()
    return resting, due_at, complaint_id


def _clock(row: ClockRow) -> dict[str, Any]:
    view: dict[str, Any] = plain(row)
    return view | {"late": row.is_late}


def _answer(item: Answer) -> dict[str, Any]:
    view: dict[str, Any] = hidden(plain(item))
    return view | {"url": item.url}


def _rating(item: Rating) -> dict[str, Any]:
    view: dict[str, Any] = hidden(plain(item))
    return view
