"""A drill as the API and the command line show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.drill.model import Drill
from service.incidents import format_instant


def drill_view(drill: Drill, sheet: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """JSON of a drill; `sheet` is another one than its own, as of one that goes on."""
    return {
        "id": drill.id,
        "state": drill.state.value,
        "stream": drill.stream,
        "speed": drill.speed,
        "monitor": drill.monitor,
        "channels": list(drill.channels),
        "played": drill.played,
        "moves": drill.moves,
        "incidents": sorted(drill.incidents.values()),
        "reason": drill.reason,
        "created_by": drill.created_by,
        "created_at": format_instant(drill.created_at),
        "started_at": format_instant(drill.started_at),
        "ends_at": format_instant(drill.ends_at),
        "ended_at": format_instant(drill.ended_at),
        "ended_by": drill.ended_by,
        "sheet": drill.sheet if sheet is None else dict(sheet),
    }
