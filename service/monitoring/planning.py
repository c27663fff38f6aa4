"""From what a monitor looks like to what shall be written; reads, but writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from playbooks import TierDecision, TierTable, rank
from service.incidents.model import UNCLASSIFIED, Incident
from service.incidents.repository import Standing
from service.monitoring.actions import Gathered, Gathering
from service.monitoring.grouping import Asked, Calm, Decision, Move, assess_calm, decide
from service.monitoring.situation import SegmentView, Situations, reasons_json
from service.monitors.model import Monitor


class Plan:
    """What one tick of one monitor is about to write."""

    def __init__(self) -> None:
        self.opens: list[tuple[Asked, Decision, Gathered]] = []
        self.raises: list[tuple[Incident, Asked]] = []
        self.takings: list[tuple[Incident, Gathered | None, Calm]] = []

    @property
    def is_empty(self) -> bool:
        return not (self.opens or self.raises or self.takings)


class Planner:
    """Decides what a tick does, with the reads that the decisions need."""

    def __init__(self, *, situations: Situations, gathering: Gathering, tiers: TierTable) -> None:
        self._situations = situations
        self._gathering = gathering
        self._tiers = tiers

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
        taking = [item.latest for item in standings.values() if item.latest.is_taking]
        # Named scenarios first: an unclassified burst must see what they are about to open.
        for view in sorted(views, key=lambda view: (view.scenario == UNCLASSIFIED, view.scenario)):
            decided = self._situations.asked(view)
            standing = standings.get(view.scenario)
            last = standing.latest if standing else None
            if decided.tier is None or (view.scenario == UNCLASSIFIED and plan.opens):
                continue
            ask = self._asker(view, decided)
            if last is not None and last.is_taking:
                asked = ask(last.first_post_at, now)
                if asked.rank > last.tier_rank:
                    plan.raises.append((last, asked))
                continue
            floor = standing.taken_until if standing else None
            gathered = await self._gathering.opening(monitor.id, view, floor=floor, now=now)
            if gathered is None:
                continue
            asked = ask(gathered.first_post_at, gathered.last_post_at)
            decision = decide(asked, taking=taking, latest=last, now=now)
            if decision.move is Move.OPEN:
                plan.opens.append((asked, decision, gathered))
        by_scenario = {view.scenario: view for view in views}
        uncalmed = [incident for item in standings.values() for incident in item.uncalmed]
        for incident in (*taking, *uncalmed):
            joined = None
            if incident.is_taking:
                joined = await self._gathering.joining(incident, now=now)
            seen = by_scenario.get(incident.scenario or UNCLASSIFIED)
            calm = assess_calm(incident, is_inside=seen is None or seen.is_inside, now=now)
            if joined is not None or calm.end or calm.inside_since != incident.inside_since:
                plan.takings.append((incident, joined, calm))
        return plan

    def _asker(
        self, view: SegmentView, decided: TierDecision
    ) -> Callable[[datetime, datetime], Asked]:
        tier = str(decided.tier)
        return lambda first, last: Asked(
            scenario=view.scenario,
            tier=tier,
            rank=rank(self._tiers, tier),
            reasons=reasons_json(decided),
            first_post_at=first,
            last_post_at=last,
        )
