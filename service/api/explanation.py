"""Why an incident has its tier, from outside: what monitoring froze, with the words of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.api.views import tier_view
from service.incidents import Evidence
from service.incidents.desk import IncidentFile

_SHOWN = ("source", "url", "published_at", "title", "text", "author", "followers", "verified")


def explanation_view(file: IncidentFile) -> dict[str, Any]:
    """Every tier that it had, oldest first, with its explanation; None for what people decided.

    Posts are told by what is frozen as evidence, masked; one that is not has no words here.
    """
    by_post = {item.post_id: item for item in file.evidence}
    by_group = {item.copy_group: item for item in reversed(file.evidence)}
    return {
        "incident": file.incident.id,
        "tier": file.incident.tier,
        "tiers": [
            tier_view(change)
            | {
                "explanation": None
                if change.explanation is None
                else _worded(change.explanation, by_post, by_group)
            }
            for change in file.tiers
        ],
    }


def _worded(
    explanation: Mapping[str, Any],
    by_post: Mapping[str, Evidence],
    by_group: Mapping[str, Evidence],
) -> dict[str, Any]:
    first, copies = explanation["first_post"], explanation["copies"]
    frozen = by_post.get(first["post"] or "")
    said = None if frozen is None else {name: frozen.snapshot.get(name) for name in _SHOWN}
    # Incidents that were explained before there was a score have none.
    view = {"risk": None, **explanation, "first_post": {**first, "snapshot": said}}
    if copies is not None:
        groups = [group | {"text": _text(by_group, group["group"])} for group in copies["groups"]]
        view["copies"] = {**copies, "groups": groups}
    return view


def _text(by_group: Mapping[str, Evidence], group: str) -> str | None:
    frozen = by_group.get(group)
    return None if frozen is None else frozen.snapshot.get("text")
