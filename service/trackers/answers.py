"""What a tracker says, read with suspicion: answers to calls, and bodies of its webhooks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson

from crawlers.jmes import search
from service.db.storable import storable
from service.delivery.channels.escaping import plain
from service.delivery.client import Answer, NoAnswer
from service.delivery.webhook import SAME_BYTES_REFUSED, parse_retry_after
from service.trackers.model import Heard
from service.trackers.tracker import Telling, Tracker

SAID_LIMIT = 500
_KEY_LIMIT = 200
_MILLISECONDS_FROM = 100_000_000_000


class Outcome(StrEnum):
    """What an answer means."""

    TAKEN = "taken"
    AGAIN = "again"
    """Down, busy, or not the tracker that spoke: another call may fare better."""
    REFUSED = "refused"
    """It would say no to the same again."""
    GONE = "gone"
    """It has no such ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`body` is the JSON of what was taken, None for an empty one. `text` is for people."""

    outcome: Outcome
    text: str
    status: int | None = None
    body: Any = None
    retry_after: timedelta | None = None


def judged(tracker: Tracker, answer: Answer | NoAnswer, *, at: datetime) -> Said:
    """What an answer to a call at `at` means.

    Only the tracker's own JSON can refuse, or say that a ticket is gone: a proxy or a page to sign
    in at may have answered all else. 200 with an error inside is no success.
    """
    if isinstance(answer, NoAnswer):
        outcome = Outcome.REFUSED if answer.refused else Outcome.AGAIN
        return Said(outcome=outcome, text=answer.reason[:SAID_LIMIT])
    body, is_json = _json(answer.text)
    status = answer.status
    shown = f"HTTP {status}: {plain(answer.text)}"[:SAID_LIMIT]
    outcome = Outcome.AGAIN
    if is_json and status in (404, 410):
        outcome = Outcome.GONE
    elif is_json and status in SAME_BYTES_REFUSED:
        outcome = Outcome.REFUSED
    elif 200 <= status < 300:
        outcome, shown = _inside(tracker, answer, body, is_json, shown)
    return Said(
        outcome=outcome,
        text=shown,
        status=status,
        body=body if outcome is Outcome.TAKEN else None,
        retry_after=parse_retry_after(answer.retry_after, at=at),
    )


def key_in(expression: str, body: Any) -> str | None:
    """The key of a ticket in an answer; None for none, and for what cannot be one."""
    found = search(expression, body)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    key = str(storable(str(found))).strip()
    return key if 0 < len(key) <= _KEY_LIMIT and key != "null" and plain(key) == key else None


def told(tracker: Tracker, telling: Telling, body: Any, *, key: str | None) -> Heard:
    """How the ticket `key` stands, by an answer or a webhook."""
    found = search(telling.state, body)
    word = plain(str(storable(found)))[:_KEY_LIMIT] if isinstance(found, str) else None
    at = None if telling.updated is None else instant_in(search(telling.updated, body))
    standing = None if not word else tracker.standing_of(word)
    return Heard(key=key, word=word or None, standing=standing, at=at)


def heard_in(tracker: Tracker, body: Any) -> Heard | None:
    """What a webhook says of a ticket; None for one that says nothing of any."""
    inbound = tracker.form.inbound
    key = None if inbound is None else key_in(inbound.key, body)
    if inbound is None or key is None:
        return None
    if inbound.deleted is not None and search(inbound.deleted, body) is True:
        at = None if inbound.updated is None else instant_in(search(inbound.updated, body))
        return Heard(key=key, word=None, standing=None, at=at, deleted=True)
    return told(tracker, inbound, body, key=key)


def instant_in(value: Any) -> datetime | None:
    """An instant in ISO 8601 with a zone, or in seconds or milliseconds; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            seconds = value / 1_000 if value >= _MILLISECONDS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if instant is None or instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _json(text: str) -> tuple[Any, bool]:
    if not text.strip():
        return None, False
    try:
        body = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None, False
    return body, isinstance(body, Mapping | list)


def _inside(
    tracker: Tracker, answer: Answer, body: Any, is_json: bool, shown: str
) -> tuple[Outcome, str]:
    form = tracker.form
    if not answer.text.strip():
        return Outcome.TAKEN, f"HTTP {answer.status}"
    if not is_json:
        return Outcome.AGAIN, f"no JSON: is a proxy or a sign-in page between? {shown}"[:SAID_LIMIT]
    wrong = None if form.refused is None else search(form.refused, body)
    if wrong:
        said = f"HTTP {answer.status} and an error in it: {plain(str(wrong))}"
        return Outcome.AGAIN, said[:SAID_LIMIT]
    if form.success is not None and not search(form.success, body):
        return Outcome.AGAIN, f"it says no success: {shown}"[:SAID_LIMIT]
    return Outcome.TAKEN, shown
