"""What people have said of incidents and posts, and how precise a set of incidents is by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.backtest.comparison import overlap
from service.backtest.model import Found, Label, Labels
from service.db import tables
from service.incidents.lifecycle import State
from service.incidents.model import Kind
from service.monitoring.grouping import TAKING_MAX

_BEGUN = (State.RESPONDING, State.MONITORING, State.RESOLVED, State.CLOSED)
"""Whoever answers an incident has taken it for one."""


async def read_labels(connection: AsyncConnection, *, since: datetime, until: datetime) -> Labels:
    """Crises that were judged and lie in a time, and every post marked as not about us.

    A false alarm is a crisis that somebody has said to be none; one that is answered, or was
    closed as anything else, is right. A scenario that a person has named counts beside the first.
    """
    columns, posts = tables.incident.c, tables.incident_post.c
    rows = await connection.execute(
        select(tables.incident).where(
            columns.kind == Kind.CRISIS.value,
            columns.drill.is_(False),
            columns.state.in_([State.FALSE_POSITIVE.value, *(state.value for state in _BEGUN)]),
            columns.first_post_at < until,
            columns.opened_at >= since - TAKING_MAX,
        )
    )
    incidents = tuple(
        Label(
            incident_id=row["id"],
            monitor=row["monitor_id"],
            scenarios=frozenset(filter(None, (row["scenario"], row["segment"]))),
            since=row["first_post_at"],
            until=row["taking_ended_at"] or row["opened_at"] + TAKING_MAX,
            about_us=row["state"] != State.FALSE_POSITIVE.value,
        )
        for row in rows.mappings()
    )
    marked = await connection.execute(
        select(posts.post_id).where(posts.not_about_us.is_(True)).distinct()
    )
    return Labels(incidents=incidents, not_about_us=frozenset(marked.scalars()))


def label_of(incident: Found, labels: Labels) -> Label | None:
    """The judged incident that one of a rehearsal stands for; the longest overlap wins."""
    offers = [
        (long, label.incident_id, label)
        for label in labels.incidents
        if label.monitor == incident.monitor
        and incident.scenario in label.scenarios
        and (long := overlap(incident, since=label.since, until=label.until)) is not None
    ]
    return max(offers, key=lambda offer: offer[:2])[2] if offers else None


def precision(incidents: Sequence[Found], labels: Labels | None) -> Mapping[str, Any]:
    """Of the incidents that people have judged, how many were right; None where none was judged."""
    if labels is None:
        return {"judged": 0, "note": "a recorded stream has no labels"}
    found = [label for item in incidents if (label := label_of(item, labels)) is not None]
    right = sum(label.about_us for label in found)
    shown = [post for item in incidents for post in item.evidence]
    answer: dict[str, Any] = {
        "judged": len(found),
        "right": right,
        "false_alarms": len(found) - right,
        "precision": round(right / len(found), 4) if found else None,
        "posts_not_about_us": sum(post in labels.not_about_us for post in shown),
        "posts_shown": len(shown),
    }
    if not found:
        answer["note"] = "nobody has judged any of these incidents"
    return answer
