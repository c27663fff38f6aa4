"""From what a monitor looks like to what shall be written; reads, but writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from playbooks import TierDecision, TierTable, rank
from service.incidents.model import UNCLASSIFIED, Incident
from service.incidents.repository import Standing
from service.monitoring.actions import Gathered, Gathering
from service.monitoring.explaining import Explaining
from service.monitoring.facts import EMPTY
from service.monitoring.grouping import Asked, Calm, Decision, Move, assess_calm, decide
from service.monitoring.outlook import Outlook
from service.monitoring.situation import SegmentView, Situations, reasons_json
from service.monitors.model import Monitor


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
            last = standing.latest if standing else None
            if decided.tier is None:
                continue
            ask = self._asker(view, decided)
            if last is not None and last.is_taking:
                asked = ask(last.first_post_at, now)
                if asked.rank > last.floor_rank:
                    plan.raise_to(last, asked)
                continue
            floor = standing.taken_until if standing else None
            gathered = await self._gathering.opening(monitor.id, view, floor=floor, now=now)
            if gathered is None:
                continue
            asked = ask(gathered.first_post_at, gathered.last_post_at)
            explained = 0.0
            if view.scenario == UNCLASSIFIED:
                names = {item.scenario for item in taking} | {
                    item[0].scenario for item in plan.opens
                }
                explained = _explained(views, names)
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
            is_inside = seen is None or seen.is_inside
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

        plan.opens = [
            (await explained(asked, gathered.first_post_id), decision, gathered)
            for asked, decision, gathered in plan.opens
        ]
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
        return lambda first, last: Asked(
            scenario=view.scenario,
            tier=tier,
            rank=rank(self._tiers, tier),
            reasons=reasons_json(decided, content=view.content),
            first_post_at=first,
            last_post_at=last,
        )


def _unique(incidents: Iterable[Incident]) -> list[Incident]:
    """Each incident once: one that was named stands under its segment and its scenario."""
    return list({incident.id: incident for incident in incidents}.values())


def _explained(views: Sequence[SegmentView], names: Collection[str | None]) -> float:
    """Share of the whole monitor's hour that lies in the named scenarios.

    Of its negative posts, or of all of them where what spreads is mostly not negative.
    """
    hours = {view.scenario: view.windows.hour for view in views}
    whole = hours.pop(UNCLASSIFIED, EMPTY)
    by_mood = whole.negative * 2 >= whole.posts
    counts = {name: hour.negative if by_mood else hour.posts for name, hour in hours.items()}
    there = whole.negative if by_mood else whole.posts
    return sum(count for name, count in counts.items() if name in names) / max(1, there)
