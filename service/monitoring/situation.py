"""What a monitor looks like right now: segments, facts, and what the rules make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
    still_on,
)
from service.incidents.model import UNCLASSIFIED, Kind
from service.incidents.repository import Standing
from service.monitoring.baseline import WHOLE, Baseline, Baselines
from service.monitoring.chance import Discoveries
from service.monitoring.copying import CopySpread, CopySpreads
from service.monitoring.facts import EMPTY, Windows, is_inside_baseline, loudest, make_facts
from service.monitoring.newcomers import MOST, count_newcomers
from service.monitoring.outlook import Outlook
from service.monitoring.windows import DAY, HOUR, TEN_MINUTES, Segments, WindowReads
from service.monitors.model import Monitor
from service.stores.post_store import PostStore

_NEGATIVE = 8
"""Below the least negative volume that any rule on an hour asks for."""
_COPIES = 8
"""The same for posts that only hand on what another has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    """One segment (a scenario, or the whole monitor as `unclassified`) at one instant.

    `shadows` are matches of rules that are only tried out; `content` is the version of the rules.
    `still_on` are rules that have not let go, whether they match or not.
    """

    scenario: str
    windows: Windows
    baseline: Baseline
    facts: Facts
    matches: tuple[Match, ...]
    shadows: tuple[Match, ...] = ()
    content: str = ""
    still_on: frozenset[str] = frozenset()

    @property
    def segment(self) -> str | None:
        """The segment as rules name it: None is the whole monitor."""
        return None if self.scenario == UNCLASSIFIED else self.scenario

    @property
    def is_inside(self) -> bool:
        return is_inside_baseline(self.windows, self.baseline)


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
        self._windows = WindowReads(store)
        self._discoveries = Discoveries()

    def forget(self, monitor_id: str) -> None:
        """Forget what was remembered of a monitor whose past has changed."""
        self._baselines.forget(monitor_id)
        self._windows.forget(monitor_id)

    async def hour(self, monitor_id: str, now: datetime) -> Segments:
        return await self._windows.last(HOUR, monitor_id, now)

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
        day = await self._windows.day(monitor.id, hour, now)
        ten = await self._windows.last(TEN_MINUTES, monitor.id, now)
        baselines = await self._judged(
            monitor.id, hour=hour, ten=ten, day=day, since=since, now=now
        )
        views: list[SegmentView] = []
        dark: int | None = None
        if self._outlook is not None and day:
            dark = len(await self._outlook.dark_feeds(monitor.id, now))
        spreads = CopySpreads(self._store, monitor.id, now=now)
        whole = _windows(WHOLE, ten=ten, hour=hour, day=day)
        inside = not baselines or is_inside_baseline(whole, baselines[WHOLE])
        for key, baseline in baselines.items():
            scenario = UNCLASSIFIED if key == WHOLE else key
            windows = _windows(key, ten=ten, hour=hour, day=day)
            standing = standings.get(scenario)
            ended = standing.taken_until if standing else None
            windows = await self._windows.fresh(monitor.id, key, windows, ended, now=now)
            if windows.day.posts:
                views.append(
                    await self._view(
                        monitor,
                        scenario,
                        windows,
                        baseline,
                        whole=whole,
                        monitor_contained=inside,
                        dark=dark,
                        spread=await spreads.of(windows.hour),
                        ended=ended,
                        now=now,
                    )
                )
        return self._inhibited(views)

    async def _judged(
        self,
        monitor_id: str,
        *,
        hour: Segments,
        ten: Segments,
        day: Segments,
        since: datetime,
        now: datetime,
    ) -> Mapping[str, Baseline]:
        """The baseline of each segment of the day, the whole monitor last."""
        if not day:
            return {}
        await self._baselines.follow(monitor_id, since=since, now=now)
        named = sorted(key for key in day if key is not None and key != WHOLE)
        found = {
            key: self._baselines.baseline(
                monitor_id, key, hour=hour.get(key, EMPTY), latest=ten.get(key, EMPTY), now=now
            )
            for key in (*named, WHOLE)
        }
        return self._discoveries.standing(monitor_id, found, now=now)

    async def _view(
        self,
        monitor: Monitor,
        scenario: str,
        windows: Windows,
        baseline: Baseline,
        *,
        whole: Windows,
        monitor_contained: bool,
        dark: int | None,
        spread: CopySpread | None,
        ended: datetime | None,
        now: datetime,
    ) -> SegmentView:
        library = self._library()
        has_brand = monitor.brand_id is not None
        named = None if scenario == UNCLASSIFIED else scenario
        loud = loudest(baseline)
        began = None if loud is None else loud.began
        facts = make_facts(
            windows,
            baseline,
            has_brand=has_brand,
            now=now,
            whole=whole,
            monitor_contained=monitor_contained,
            sources_dark=dark,
            spread=spread,
            began=None if began is None else max(began, now - DAY, ended or began),
            newcomers=None
            if loud is None or windows.hour.authors > MOST
            else await count_newcomers(self._store, monitor.id, named, now=now),
        )
        scope = Scope(scenario=named, has_brand=has_brand)
        return SegmentView(
            scenario=scenario,
            windows=windows,
            baseline=baseline,
            facts=facts,
            matches=evaluate(library, scope, facts),
            shadows=shadow_matches(library, scope, facts),
            content=library.version,
            still_on=still_on(library, scope, facts),
        )

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

    def cool_down(self, decided: TierDecision) -> timedelta:
        """How long after an incident the rules that ask for the tier open no other like it."""
        return shortest_cool_down(self._library(), decided.rules)


def shortest_cool_down(library: Library, rules: Sequence[str]) -> timedelta:
    """Of several rules that ask the one that waits least counts."""
    waits = (library.rules[name].cool_down for name in rules)
    return min((wait or timedelta(0) for wait in waits), default=timedelta(0))


def _windows(key: str | None, *, ten: Segments, hour: Segments, day: Segments) -> Windows:
    return Windows(
        ten_minutes=ten.get(key, EMPTY), hour=hour.get(key, EMPTY), day=day.get(key, EMPTY)
    )
