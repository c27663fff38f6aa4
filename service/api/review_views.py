"""How review looks from outside, and where a page of its queue ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from nlp.pii import masked
from service.api import cursor as cursors
from service.api.views import plain
from service.moderation.review import Quality, ReviewFile, ReviewItem, Rubric
from service.moderation.review.lifecycle import is_appealable
from service.moderation.review.model import HumanVerdict
from service.moderation.review.repository import Position

ITEM = {
    "items": [
        {
            "id": "rev_0123456789abcdef0123",
            "line": "second",
            "state": "pending",
            "origin": "machine",
            "kind": "post",
            "caller": "key_0123456789abcdef0123",
            "item": "42",
            "policy": "default@1234abcd",
            "suggestion": "review",
            "held": False,
            "risk_level": "medium",
            "labels": [{"label": "diversion", "score": 0.6, "source": "lexicon"}],
            "due_at": "2026-03-02T08:05:00.000Z",
            "overdue_at": None,
            "holder": None,
            "verdict": None,
            "appeal": None,
            "version": 1,
        }
    ],
    "next": None,
}


def item_view(item: ReviewItem) -> dict[str, Any]:
    """An item of the queue, without its text. A second opinion looks like any other item."""
    return {
        "id": item.id,
        "line": item.line.value,
        "state": item.state.value,
        "origin": item.origin.value,
        "kind": item.kind,
        "caller": item.caller,
        "item": item.caller_item,
        "author": item.author,
        "policy": item.policy,
        "suggestion": item.suggestion,
        "held": item.held,
        "hold": item.hold_id,
        "risk_level": item.risk_level,
        "labels": plain(item.labels),
        "filed_at": plain(item.filed_at),
        "entered_at": plain(item.entered_at),
        "due_at": plain(item.due_at),
        "warned_at": plain(item.warned_at),
        "overdue_at": plain(item.overdue_at),
        "holder": item.holder,
        "lease_until": plain(item.lease_until),
        "verdict": plain(item.ruling),
        "decided_at": plain(item.decided_at),
        "appeal": _appeal(item),
        "version": item.version,
    }


def file_view(file: ReviewFile, rubric: Rubric) -> dict[str, Any]:
    """Everything about one item, with the reasons that fit it; personal information is masked."""
    return item_view(file.item) | {
        "text": masked(file.item.text),
        "parent": None if file.item.parent is None else masked(file.item.parent),
        "session": [masked(text) for text in file.item.session],
        "versions": dict(file.item.versions),
        "verdicts": [_verdict(verdict) for verdict in file.verdicts],
        "history": [
            {
                "at": plain(event.at),
                "kind": event.kind,
                "actor": event.actor,
                "data": plain(event.data),
            }
            for event in file.history
        ],
        "rubric": {
            "version": rubric.name,
            "codes": [
                {
                    "id": code.id,
                    "verdict": code.ruling.value,
                    "label": code.label,
                    "zh": code.zh,
                    "en": code.en,
                }
                for code in rubric.codes_for(file.item.kind)
            ],
        },
    }


def appeal_view(item: ReviewItem) -> dict[str, Any]:
    """What the caller's system is told: that it is heard, by when, and nothing of the people."""
    return {
        "review": item.id,
        "id": item.caller_item,
        "line": item.line.value,
        "state": item.state.value,
        "verdict": plain(item.ruling),
        "appealable": is_appealable(item.standing()),
        "due_at": plain(item.due_at),
    }


def quality_view(quality: Quality) -> dict[str, Any]:
    """The report: shares in [0, 1], estimates in 10,000, ages in seconds."""
    return {
        "since": plain(quality.since),
        "until": plain(quality.until),
        "verdicts": quality.verdicts,
        "agreement": {line.value: plain(found) for line, found in quality.agreement},
        "precision": plain(quality.precision),
        "patrol": plain(quality.patrol)
        | {
            "alarm": quality.patrol_alarm.is_alarm,
            "reason": quality.patrol_alarm.name.lower(),
            "explained": quality.patrol_alarm.value,
        },
        "lines": {
            length.line.value: {
                "waiting": length.waiting,
                "claimed": length.claimed,
                "overdue": length.overdue,
                "oldest_s": None
                if length.oldest_since is None
                else (quality.until - length.oldest_since).total_seconds(),
            }
            for length in quality.lines
        },
    }


def written_place(position: Position) -> list[str | int]:
    """A place in the queue as a cursor holds it."""
    urgency, risk, due_at, item_id = position
    return [urgency, risk, due_at.isoformat(), item_id]


def place_of(scope: Sequence[Any], cursor: str | None) -> Position | None:
    """The place again. Raises BadCursor for what was not handed out for this list."""
    found = cursors.decode(scope, cursor)
    if found is None:
        return None
    try:
        urgency, risk, text, item_id = found
        due_at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise cursors.bad_cursor() from error
    whole = type(urgency) is int and type(risk) is int and 0 <= urgency <= 1 and 0 <= risk <= 9
    if not whole or not isinstance(item_id, str) or not 0 < len(item_id) <= 40 or "\0" in item_id:
        raise cursors.bad_cursor()
    return urgency, risk, due_at, item_id


def _appeal(item: ReviewItem) -> dict[str, Any] | None:
    if item.appealed_at is None:
        return None
    return {
        "at": plain(item.appealed_at),
        "by": item.appealed_by,
        "words": None if item.appeal_words is None else masked(item.appeal_words),
    }


def _verdict(verdict: HumanVerdict) -> dict[str, Any]:
    return {
        "line": verdict.line.value,
        "verdict": verdict.ruling.value,
        "labels": list(verdict.labels),
        "reason": verdict.reason,
        "note": verdict.note,
        "rubric_version": verdict.rubric_version,
        "reviewer": verdict.reviewer,
        "at": plain(verdict.at),
    }
