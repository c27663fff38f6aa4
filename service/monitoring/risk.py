"""How much a monitor is at risk right now: the score of each segment, with its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from playbooks import Facts, Library, assess_risk
from service.monitoring.situation import SegmentView, Situations
from service.monitors.model import Monitor
from service.stores.post_store import PostQuery, PostStore, SortOrder

KEPT_FOR = timedelta(minutes=1)
"""As long as a monitor's next tick takes: what is asked again sooner is answered as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRisk:
    """A segment with posts in the last day; `risk` as `risk_json`."""

    scenario: str
    risk: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRisk:
    """The segments at `at`, the highest score first; none in a day without posts."""

    at: datetime
    segments: tuple[SegmentRisk, ...]

    @property
    def score(self) -> float:
        """That of the segment with most."""
        return max((item.risk["score"] for item in self.segments), default=0.0)


class RiskReading:
    """Looks at one monitor at a time, as a tick does; whatever incidents have taken counts too."""

    def __init__(
        self, *, store: PostStore, situations: Situations, library: Callable[[], Library]
    ) -> None:
        """`situations` are its own: a look of somebody must not change what ticks see."""
        self._store = store
        self._situations = situations
        self._library = library
        self._one = asyncio.Lock()
        self._known: dict[str, MonitorRisk] = {}

    async def of(self, monitor: Monitor, *, now: datetime) -> MonitorRisk:
        """The risk of a monitor, at most `KEPT_FOR` old."""
        async with self._one:
            known = self._known.get(monitor.id)
            if known is not None and now - known.at < KEPT_FOR:
                return known
            found = self._known[monitor.id] = await self._read(monitor, now)
            return found

    async def _read(self, monitor: Monitor, now: datetime) -> MonitorRisk:
        first = await self._store.search(
            PostQuery(monitors=(monitor.id,)), limit=1, sort=SortOrder.OLDEST
        )
        views: tuple[SegmentView, ...] = ()
        if first.items:
            views = await self._situations.look(
                monitor,
                hour=await self._situations.hour(monitor.id, now),
                standings={},
                since=first.items[0].post.published_at,
                now=now,
            )
        library = self._library()
        scored = [(view.scenario, risk_json(library, view.facts)) for view in views]
        segments = [SegmentRisk(scenario=name, risk=risk) for name, risk in scored if risk]
        segments.sort(key=lambda item: (-item.risk["score"], item.scenario))
        return MonitorRisk(at=now, segments=tuple(segments))


def risk_json(library: Library, facts: Facts) -> dict[str, Any] | None:
    """The score and its parts, which sum to it; None where the content says nothing of risk."""
    if library.risk is None:
        return None
    risk = assess_risk(library.risk, facts)
    return {
        "score": risk.score,
        "parts": [
            {
                "id": part.id,
                "name": {"zh": part.name.zh, "en": part.name.en},
                "weight": part.weight,
                "points": part.points,
                "fact": part.fact,
                "value": part.value,
            }
            for part in risk.parts
        ],
    }
