"""From what a monitor looks like to what shall be written; reads, but writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from playbooks import TierDecision, TierTable, rank
from service.incidents.model import UNCLASSIFIED, Incident
from service.incidents.repository import Standing
from service.monitoring.actions import Gathered, Gathering
from service.monitoring.crowds import Crowd, named_share
from service.monitoring.explaining import Explaining
from service.monitoring.grouping import (
    Asked,
    Calm,
    Decision,
    Move,
    assess_calm,
    burns_on,
    decide,
)
from service.monitoring.outlook import Outlook
from service.monitoring.situation import SegmentView, Situations
from service.monitors.model import Monitor
from service.posts import is_about_mood


class Plan:
    """What one tick of one monitor is about to write."""

    def __init__(self) -> None:
        self.opens: list[tuple[Asked, Decision, Gathered]] = []
        self.raises: list[tuple[Incident, Asked]] = []
        self.takings: list[tuple[Incident, Gathered | None, Calm]] = []

    def raise_to(self, incident: Incident, asked: Asked) -> None:
        """Raise an incident once, to the higher of what two segments of it ask for."""
        others = [item for item in self.raises if item[0].id != incident.id]
        same = [item[1] for item in self.raises if item[0].id == incident.id]
        highest = max([*same, asked], key=lambda item: item.rank)
        self.raises = [*others, (incident, highest)]

    @property
    def is_empty(self) -> bool:
        return not (self.opens or self.raises or self.takings)


class Planner:
    """Decides what a tick does, with the reads that the decisions need."""

    def __init__(
        self,
        *,
        situations: Situations,
        gathering: Gathering,
        tiers: TierTable,
        outlook: Outlook | None = None,
        explaining: Explaining | None = None,
    ) -> None:
        """Without an `outlook` every feed is taken to be seen; without `explaining` nothing is
        explained."""
        self._situations = situations
        self._gathering = gathering
        self._tiers = tiers
        self._outlook = outlook
        self._explaining = explaining

    async def plan(
        self,
        monitor: Monitor,
        views: Sequence[SegmentView],
        standings: Mapping[str, Standing],
        *,
        now: datetime,
    ) -> Plan:
        """Decide over all segments of one monitor at `now`; nothing is written."""
        plan = Plan()
        taking = _unique(item.latest for item in standings.values() if item.latest.is_taking)
        # Named scenarios first: an unclassified burst must see what they are about to open.
        for view in sorted(views, key=lambda view: (view.scenario == UNCLASSIFIED, view.scenario)):
            decided = self._situations.asked(view)
            standing = standings.get(view.scenario)
            last = _goes_on_in(standing.latest, taking) if standing else None
            if decided.tier is None:
                continue
            ask = self._asker(view, decided)
            if last is not None and last.is_taking:
                asked = ask(last.first_post_at, now)
                if asked.rank > last.floor_rank:
                    plan.raise_to(last, asked)
                continue
            floor = standing.taken_until if standing else None
            whole = view.scenario == UNCLASSIFIED and not is_about_mood(ask(now, now).reasons)
            gathered = await self._gathering.opening(
                monitor.id, view, every_mood=whole, floor=floor, now=now
            )
            if gathered is None:
                continue
            asked = ask(gathered.first_post_at, gathered.last_post_at)
            explained = 0.0
            if view.scenario == UNCLASSIFIED:
                names = {item.scenario for item in taking} | {
                    item[0].scenario for item in plan.opens
                }
                explained = named_share(_crowds(views), names)
            decision = decide(asked, latest=last, explained=explained, now=now)
            if decision.move is Move.OPEN:
                plan.opens.append((asked, decision, gathered))
        by_scenario = {view.scenario: view for view in views}
        uncalmed = _unique(incident for item in standings.values() for incident in item.uncalmed)
        for incident in (*taking, *uncalmed):
            joined = None
            if incident.is_taking:
                joined = await self._gathering.joining(incident, now=now)
            seen = by_scenario.get(incident.segment or UNCLASSIFIED)
            is_inside = seen is None or (seen.is_inside and not burns_on(incident, seen.still_on))
            if is_inside and await self._is_blind(incident, now):
                is_inside = False
            calm = assess_calm(incident, is_inside=is_inside, now=now)
            if joined is not None or calm.end or calm.inside_since != incident.inside_since:
                plan.takings.append((incident, joined, calm))
        if self._explaining is not None:
            await self._explain(self._explaining, plan, monitor, by_scenario, now=now)
        return plan

    async def _explain(
        self,
        explaining: Explaining,
        plan: Plan,
        monitor: Monitor,
        views: Mapping[str, SegmentView],
        *,
        now: datetime,
    ) -> None:
        """Explain each tier that the plan gives; a tick that gives none reads nothing."""

        async def explained(asked: Asked, first_post_id: str | None) -> Asked:
            view = views[asked.scenario]
            explanation = await explaining.explain(
                monitor, view, asked, first_post_id=first_post_id, now=now
            )
            return replace(asked, explanation=explanation)

        opens = []
        for asked, decision, gathered in plan.opens:
            told = await explained(asked, gathered.first_post_id)
            more = await self._gathering.with_spreaders(gathered, told.explanation, now=now)
            opens.append((told, decision, more))
        plan.opens = opens
        plan.raises = [
            (incident, await explained(asked, incident.first_post_id))
            for incident, asked in plan.raises
        ]

    async def _is_blind(self, incident: Incident, now: datetime) -> bool:
        """Whether its quiet proves nothing: then nobody is told that it is contained."""
        return self._outlook is not None and await self._outlook.is_blind(incident, now)

    def _asker(
        self, view: SegmentView, decided: TierDecision
    ) -> Callable[[datetime, datetime], Asked]:
        tier = str(decided.tier)
        cool_down = self._situations.cool_down(decided)
        return lambda first, last: Asked(
            scenario=view.scenario,
            tier=tier,
            rank=rank(self._tiers, tier),
            reasons=_reasons_json(decided, content=view.content),
            first_post_at=first,
            last_post_at=last,
            cool_down=cool_down,
        )


def _reasons_json(decision: TierDecision, *, content: str) -> tuple[dict[str, Any], ...]:
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


def _unique(incidents: Iterable[Incident]) -> list[Incident]:
    """Each incident once: one that was named stands under its segment and its scenario."""
    return list({incident.id: incident for incident in incidents}.values())


def _goes_on_in(incident: Incident, taking: Sequence[Incident]) -> Incident:
    """The one that it was merged into while that takes posts: a merge must not open it anew."""
    by_id = {item.id: item for item in taking}
    while (into := by_id.get(incident.merged_into or "")) is not None:
        incident = into
    return incident


def _crowds(views: Sequence[SegmentView]) -> dict[str, Crowd]:
    return {
        view.scenario: Crowd(posts=view.windows.hour.posts, negative=view.windows.hour.negative)
        for view in views
    }
