"""How an incident looks from outside: in webhooks and in the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.incidents.model import Incident


def format_instant(instant: datetime | None) -> str | None:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ` in UTC, or None."""
    if instant is None:
        return None
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


_SAID = frozenset({"note", "reason", "reasons", "text"})
"""What people wrote, or what a text was found by."""


def told_view(incident: Incident, *, public_url: str) -> dict[str, Any]:
    """JSON of an incident for the outside: of a private one that it is there, and the link."""
    view = incident_view(incident, public_url=public_url)
    return view | {"reasons": []} if incident.is_private else view


def told_details(incident: Incident, data: Mapping[str, Any]) -> dict[str, Any]:
    """Details beside it for the outside: of a private one without what people have said."""
    kept = frozenset(data) - _SAID if incident.is_private else frozenset(data)
    return {name: value for name, value in data.items() if name in kept}


def incident_view(incident: Incident, *, public_url: str) -> dict[str, Any]:
    """JSON of an incident with the link to its page. Carries no text of any post."""
    return {
        "id": incident.id,
        "kind": incident.kind.value,
        "drill": incident.drill,
        "monitor": incident.monitor_id,
        "scenario": incident.scenario,
        "title": incident.title,
        "tier": incident.tier,
        "state": incident.state.value,
        "opened_at": format_instant(incident.opened_at),
        "first_post_at": format_instant(incident.first_post_at),
        "acknowledged_at": format_instant(incident.acknowledged_at),
        "acknowledged_by": incident.acknowledged_by,
        "resolved_at": format_instant(incident.resolved_at),
        "closed_at": format_instant(incident.closed_at),
        "contained_at": format_instant(incident.contained_at),
        "next_due_at": format_instant(incident.next_due_at),
        "posts": incident.posts,
        "reasons": [dict(reason) for reason in incident.reasons],
        "assignee": incident.assignee,
        "merged_into": incident.merged_into,
        "previous": incident.previous_id,
        "reached_nobody": incident.reached_nobody_at is not None,
        "version": incident.version,
        "url": f"{public_url.rstrip('/')}/console/incidents/{incident.id}",
    }
