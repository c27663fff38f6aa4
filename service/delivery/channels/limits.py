"""How fast a channel may send: what its provider takes, and what its people have set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.delivery.channels.settings import KINDS, number_within
from service.delivery.model import ChannelTarget
from service.delivery.pacing import Limit, Pace

_FOR_PROGRAMS = frozenset({"webhook", "json"})
"""Their receivers take each event by itself: a digest has no incident and no tier."""


def limits_of(target: ChannelTarget) -> tuple[Limit, ...]:
    """How fast a channel may send: what its robot takes, of whichever channel that comes, and a
    `per_minute` of its own that is lower.
    """
    known = KINDS.get(target.kind)
    pace = None if known is None else known.pace
    found = [] if pace is None else [Limit(key=f"robot:{target.robot or target.id}", pace=pace)]
    own = number_within(target.settings.get("per_minute"), least=2, most=10_000)
    if own is not None and (pace is None or own < pace.per_minute):
        burst = 5 if pace is None else pace.burst
        digests = target.kind not in _FOR_PROGRAMS if pace is None else pace.digests
        slower = Pace(per_minute=own, burst=max(1, min(burst, own // 2)), digests=digests)
        found.append(Limit(key=f"channel:{target.id}", pace=slower))
    return tuple(found)


def robot_of(
    kind: str, *, url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
) -> str | None:
    """What a channel sends to, by which its provider counts; None for what nobody counts. It is as
    secret as the address.
    """
    if kind == "pagerduty":
        return f"{kind} {secrets[0]}" if secrets else None
    if kind == "email":
        return f"{kind} {url} {settings.get('username') or ''}"
    return f"{kind} {url}" if url else None
