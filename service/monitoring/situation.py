"""What a monitor looks like right now: segments, facts, and what the rules make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from playbooks import (
    Facts,
    Library,
    Match,
    Scope,
    TierDecision,
    assess,
    evaluate,
    inhibit,
    shadow_matches,
)
from service.incidents.model import UNCLASSIFIED, Kind
from service.incidents.repository import Standing
from service.monitoring.baseline import WHOLE, Baselines, History
from service.monitoring.copying import CopySpread, CopySpreads
from service.monitoring.facts import (
    EMPTY,
    Loudness,
    Windows,
    is_inside_baseline,
    loudness,
    make_facts,
)
from service.monitoring.newcomers import count_newcomers
from service.monitoring.onset import onset
from service.monitoring.outlook import Outlook
from service.monitors.model import Monitor
from service.stores.post_store import PostQuery, PostStore, Segment

TEN_MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
DAY_FOR = timedelta(minutes=5)
_NEGATIVE = 8
"""Below the least negative volume that any rule on an hour asks for."""
_COPIES = 8
"""The same for posts that only hand on what another has said."""
_TICK = timedelta(seconds=1)
"""`until` is excluded in the store; a post of this very instant counts."""

Segments = Mapping[str | None, Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    """One segment (a scenario, or the whole monitor as `unclassified`) at one instant.

    `shadows` are matches of rules that are only tried out; `content` is the version of the rules.
    """

    scenario: str
    windows: Windows
    history: History
    facts: Facts
    matches: tuple[Match, ...]
    shadows: tuple[Match, ...] = ()
    content: str = ""

    @property
    def segment(self) -> str | None:
        """The segment as rules name it: None is the whole monitor."""
        return None if self.scenario == UNCLASSIFIED else self.scenario

    @property
    def is_inside(self) -> bool:
        return is_inside_baseline(self.windows, self.history)


def is_worth_a_look(hour: Segments) -> bool:
    """Whether the last hour may have begun something: a cheap test before the dear aggregates."""
    whole = hour.get(WHOLE, EMPTY)
    handed_on = whole.posts - whole.distinct
    return whole.negative >= _NEGATIVE or whole.severe > 0 or handed_on >= _COPIES


class Situations:
    """Reads the post store for one monitor and evaluates the rules over it."""

    def __init__(
        self,
        *,
        store: PostStore,
        baselines: Baselines,
        library: Callable[[], Library],
        outlook: Outlook | None = None,
    ) -> None:
        """`library` is asked at each look: rules are edited while the service runs. Without an
        `outlook` nobody knows whether sources are dark."""
        self._store = store
        self._baselines = baselines
        self._library = library
        self._outlook = outlook
        self._days: dict[str, tuple[object, datetime, Segments]] = {}

    def forget(self, monitor_id: str) -> None:
        """Forget what was remembered of a monitor whose past has changed."""
        self._baselines.forget(monitor_id)
        self._days.pop(monitor_id, None)

    async def hour(self, monitor_id: str, now: datetime) -> Segments:
        return await self._store.segments(monitor_id, since=now - HOUR, until=now + _TICK)

    async def look(
        self,
        monitor: Monitor,
        *,
        hour: Segments,
        standings: Mapping[str, Standing],
        since: datetime,
        now: datetime,
    ) -> tuple[SegmentView, ...]:
        """Every segment with posts in the last day, the whole monitor last.

        What an ended incident has taken already counts for no other: the windows of its scenario
        begin where its taking ended. `since` is the monitor's first post.
        """
        day = await self._day(monitor.id, hour, now)
        ten = await self._store.segments(monitor.id, since=now - TEN_MINUTES, until=now + _TICK)
        views: list[SegmentView] = []
        dark: int | None = None
        if self._outlook is not None and day:
            dark = len(await self._outlook.dark_feeds(monitor.id, now))
        spreads = CopySpreads(self._store, monitor.id, now=now)
        named = sorted(key for key in day if key not in (None, WHOLE))
        for key in (*named, WHOLE):
            scenario = UNCLASSIFIED if key == WHOLE else str(key)
            windows = Windows(
                ten_minutes=ten.get(key, EMPTY), hour=hour.get(key, EMPTY), day=day.get(key, EMPTY)
            )
            standing = standings.get(scenario)
            ended = standing.taken_until if standing else None
            windows = await self._fresh(monitor.id, key, windows, ended, now=now)
            if windows.day.posts:
                views.append(
                    await self._view(
                        monitor,
                        str(key),
                        scenario,
                        windows,
                        since=since,
                        dark=dark,
                        spread=await spreads.of(windows.hour),
                        ended=ended,
                        now=now,
                    )
                )
        return self._inhibited(views)

    async def _day(self, monitor_id: str, hour: Segments, now: datetime) -> Segments:
        """The last 24 hours, read anew when the hour holds other grave posts than before.

        Plain volume over a day may be up to `DAY_FOR` old: no rule hangs on a minute of it.
        """
        grave = tuple(
            (key, segment.severe, segment.verified, segment.news, tuple(segment.categories.items()))
            for key, segment in hour.items()
        )
        known = self._days.get(monitor_id)
        if known is not None and known[0] == grave and now - known[1] < DAY_FOR:
            return known[2]
        day = await self._store.segments(monitor_id, since=now - DAY, until=now + _TICK)
        self._days[monitor_id] = (grave, now, day)
        return day

    async def _fresh(
        self,
        monitor_id: str,
        key: str | None,
        windows: Windows,
        ended: datetime | None,
        *,
        now: datetime,
    ) -> Windows:
        """The windows without what ended incidents of the segment have taken."""
        if ended is None or ended <= now - DAY:
            return windows

        async def cut(window: timedelta, whole: Segment) -> Segment:
            if ended <= now - window:
                return whole
            rest = await self._store.segments(monitor_id, since=ended, until=now + _TICK)
            return rest.get(key, EMPTY)

        return Windows(
            ten_minutes=await cut(TEN_MINUTES, windows.ten_minutes),
            hour=await cut(HOUR, windows.hour),
            day=await cut(DAY, windows.day),
        )

    async def _view(
        self,
        monitor: Monitor,
        segment: str,
        scenario: str,
        windows: Windows,
        *,
        since: datetime,
        dark: int | None,
        spread: CopySpread | None,
        ended: datetime | None,
        now: datetime,
    ) -> SegmentView:
        history = await self._baselines.history(monitor.id, segment, since=since, now=now)
        library = self._library()
        has_brand = monitor.brand_id is not None
        loud = loudness(windows, history)
        named = None if segment == WHOLE else segment
        facts = make_facts(
            windows,
            history,
            has_brand=has_brand,
            now=now,
            sources_dark=dark,
            spread=spread,
            began=None
            if loud is None
            else await self._began(monitor.id, named, loud, ended=ended, now=now),
            newcomers=None
            if loud is None
            else await count_newcomers(self._store, monitor.id, named, now=now),
        )
        scope = Scope(scenario=None if segment == WHOLE else scenario, has_brand=has_brand)
        return SegmentView(
            scenario=scenario,
            windows=windows,
            history=history,
            facts=facts,
            matches=evaluate(library, scope, facts),
            shadows=shadow_matches(library, scope, facts),
            content=library.version,
        )

    async def _began(
        self,
        monitor_id: str,
        segment: str | None,
        loud: Loudness,
        *,
        ended: datetime | None,
        now: datetime,
    ) -> datetime | None:
        """When what is unusual now began, after what an ended incident has taken."""
        buckets = await self._store.histogram(
            PostQuery(monitors=(monitor_id,), scenarios=() if segment is None else (segment,)),
            interval=TEN_MINUTES,
            since=max(now - DAY, ended or now - DAY),
            until=now + _TICK,
        )
        return onset(buckets, usual=loud.expected / 6, negative_only=loud.negative_only)

    def _inhibited(self, views: Sequence[SegmentView]) -> tuple[SegmentView, ...]:
        kept = inhibit({view.segment: view.matches for view in views})
        every = inhibit({view.segment: (*view.matches, *view.shadows) for view in views})
        return tuple(
            replace(
                view,
                matches=kept[view.segment],
                shadows=tuple(match for match in view.shadows if match in every[view.segment]),
            )
            for view in views
        )

    def asked(self, view: SegmentView) -> TierDecision:
        """The tier that the segment's crisis rules ask for, and why."""
        crisis = [match for match in view.matches if match.kind == Kind.CRISIS.value]
        return assess(self._library().tiers, crisis, None)


def reasons_json(decision: TierDecision, *, content: str) -> tuple[dict[str, Any], ...]:
    """The clauses that held, of the rules that ask for the tier, as JSON, with those rules.

    `content` is the version of the rules in force, which goes with each.
    """
    return tuple(
        {
            "clause": reason.clause,
            "value": reason.value,
            "threshold": reason.threshold,
            "rules": list(decision.rules),
            "content": content,
        }
        for reason in decision.reasons
    )
