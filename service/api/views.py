"""How stored things look from outside: plain JSON values, instants in UTC."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel

from nlp.pii import masked
from playbooks import RunStep
from service.incidents import Evidence, Incident, format_instant, incident_view
from service.incidents.desk import IncidentFile
from service.incidents.lifecycle import allowed_actions
from service.incidents.model import TierChange, TimelineEntry
from service.posts import PostDetail
from service.response import RunFile, StepRow
from service.stores import FoundPost, StoredPost

_INSIDE = frozenset({"search_tokens", "words", "copy_bands", "simhash"})
_WRITTEN = ("title", "text", "extra")
"""What of a post strangers wrote."""


def hidden(value: Any) -> Any:
    """A JSON value with personal information masked in every string of it."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: hidden(item) for name, item in value.items()}
    return [hidden(item) for item in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """Dataclasses, models, enums, instants, days and durations (in seconds) as JSON values."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    return [plain(item) for item in value]


def post_view(post: StoredPost) -> dict[str, Any]:
    """A post with its analysis, without what is only for search; the author is a pseudonym.

    Personal information in what it says is masked; places in it stay where they are.
    """
    view = {
        item.name: plain(getattr(post, item.name))
        for item in fields(post)
        if item.name not in _INSIDE
    }
    return view | {name: hidden(view[name]) for name in _WRITTEN}


def found_view(found: FoundPost) -> dict[str, Any]:
    """A search result: the post, and what to highlight in its text."""
    return post_view(found.post) | {"highlights": [list(span) for span in found.highlights]}


def detail_view(detail: PostDetail) -> dict[str, Any]:
    """A post with its earlier wordings."""
    versions = [
        version | {name: hidden(version[name]) for name in ("title", "text")}
        for version in plain(detail.versions)
    ]
    return post_view(detail.post) | {"versions": versions, "copies": detail.copies}


def wordings_view(detail: PostDetail) -> dict[str, Any]:
    """What a post says and said, nothing masked."""
    post = detail.post
    return {
        "id": post.id,
        "title": post.title,
        "text": post.text,
        "extra": plain(post.extra),
        "versions": [
            {"version": item.version, "title": item.title, "text": item.text}
            for item in detail.versions
        ],
    }


def incident_item(
    incident: Incident, *, public_url: str, next_step: StepRow | None = None
) -> dict[str, Any]:
    """An incident of a list, with what can be done and what is due next."""
    return incident_view(incident, public_url=public_url) | {
        "actions": [action.value for action in allowed_actions(incident.state)],
        "next_step": None if next_step is None else step_row_view(next_step),
    }


def incident_file_view(file: IncidentFile, *, public_url: str) -> dict[str, Any]:
    """Everything about one incident but its run."""
    return incident_item(file.incident, public_url=public_url) | {
        "tiers": [tier_view(change) for change in file.tiers],
        "evidence": [evidence_view(item) for item in file.evidence],
        "timeline": [_entry(entry) for entry in file.timeline],
    }


def tier_view(change: TierChange) -> dict[str, Any]:
    """A line of the tier history, without its explanation."""
    return {
        "tier": change.tier,
        "at": format_instant(change.at),
        "actor": change.actor,
        "reasons": [dict(reason) for reason in change.reasons],
    }


def step_row_view(step: StepRow) -> dict[str, Any]:
    """A step as the queue shows it."""
    return {
        "id": step.step_id,
        "title": dict(step.title),
        "role": step.role,
        "state": step.state,
        "due_at": format_instant(step.due_at),
        "breached_at": format_instant(step.breached_at),
    }


def run_view(file: RunFile) -> dict[str, Any]:
    """A run: the steps in order, with their clocks and who did them."""
    run = file.stored.run
    return {
        "id": run.id,
        "incident": file.incident.id,
        "playbook": run.playbook.id,
        "content_version": run.version,
        "scenario": run.scenario,
        "tier": run.tier,
        "opened_at": format_instant(run.anchors.opened),
        "first_post_at": format_instant(run.anchors.first_post),
        "earliest_post_at": format_instant(run.earliest_post),
        "breaches": run.breaches,
        "ended": run.ended,
        "version": file.stored.version,
        "steps": [
            {
                "id": step.id,
                "title": plain(step.step.title),
                "instructions": plain(step.instructions),
                "role": step.step.role.value,
                "mandatory": step.step.mandatory,
                "needs": list(step.step.needs),
                "template": step.step.template,
                "state": step.state.value,
                "due_at": format_instant(step.due_at),
                "warn_at": format_instant(step.warn_at),
                "escalate_at": format_instant(step.escalate_at),
                "done_at": format_instant(step.done_at),
                "done_by": step.by,
                "note": step.note,
                "breached_at": format_instant(step.breached_at),
                "late_by_s": plain(step.late_by),
                "delay": _delay_view(step),
            }
            for step in run.steps
        ],
    }


def _delay_view(step: RunStep) -> dict[str, Any]:
    """What was asked for, since when and until when its clock stands still, what was added."""
    asked, pause = step.request, step.pause
    return {
        "asked": None
        if asked is None
        else {
            "kind": asked.kind.value,
            "lasting_s": plain(asked.lasting),
            "reason": asked.reason,
            "by": asked.by,
            "at": format_instant(asked.at),
        },
        "paused_at": None if pause is None else format_instant(pause.since),
        "resumes_at": None if pause is None else format_instant(pause.until),
        "granted": [
            {"at": format_instant(grant.at), "lasting_s": plain(grant.lasting)}
            for grant in step.grants
        ],
    }


def evidence_view(item: Evidence) -> dict[str, Any]:
    """A frozen post as it stands, with its hash."""
    return {
        "post": item.post_id,
        "at": format_instant(item.at),
        "copy_group": item.copy_group,
        "snapshot": dict(item.snapshot),
        "sha256": item.sha256,
        "not_about_us": item.not_about_us,
        "marked_by": item.marked_by,
        "deleted_at": format_instant(item.deleted_at),
    }


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": format_instant(entry.at),
        "kind": entry.kind,
        "actor": entry.actor,
        "data": plain(entry.data),
    }
