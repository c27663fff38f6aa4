"""Which posts of a monitor are those of a crisis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from service.incidents.model import UNCLASSIFIED
from service.stores import PostQuery

_MOODS = ("negative", "angry", "sever")
"""Parts of the names of facts that count bad posts only."""


def incident_query(
    monitor_id: str, segment: str, *, since: datetime, until: datetime, every_mood: bool = False
) -> PostQuery:
    """The posts of a crisis in [since, until); where it has no name the monitor's negative ones,
    or with `every_mood` all of them."""
    unnamed = segment == UNCLASSIFIED
    return PostQuery(
        monitors=(monitor_id,),
        scenarios=() if unnamed else (segment,),
        sentiments=("negative",) if unnamed and not every_mood else (),
        since=since,
        until=until,
    )


def is_about_mood(reasons: Iterable[Mapping[str, Any]]) -> bool:
    """Whether bad posts led to a crisis, by its clauses; else all posts did, whatever they say."""
    clauses = " ".join(str(reason.get("clause")) for reason in reasons)
    return any(word in clauses for word in _MOODS)
