"""A tape of looks, and incidents played from it under other thresholds, without any store.

The tape keeps what a rehearsal saw at every tick. Playing it is exact as long as incidents end when
they did in the rehearsal: the windows of the facts begin where the last incident stopped taking,
and the tape does not move them. So what is proposed from a tape is rehearsed before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from playbooks import (
    Facts,
    Kind,
    Library,
    Mode,
    Outcome,
    Rule,
    Scope,
    comparisons,
    outcome_of,
    rank,
)
from service.backtest.model import Found, Look, Raise, SegmentLook
from service.incidents.lifecycle import State
from service.incidents.model import UNCLASSIFIED, Incident
from service.incidents.model import Kind as IncidentKind
from service.monitoring.crowds import Crowd, named_share
from service.monitoring.grouping import (
    TAKING_MAX,
    Asked,
    Move,
    assess_calm,
    burns_on,
    decide,
)
from service.monitoring.situation import SegmentView, shortest_cool_down
from service.monitors import Monitor


class Recorder:
    """An onlooker of the tick that keeps what each look saw, facts only where a rule held."""

    def __init__(self, library: Library) -> None:
        self.looks: list[Look] = []
        self._library = library
        rules = library.rules.values()
        self._read = {item.fact for rule in rules for item in comparisons(rule.when)}

    async def seen(self, monitor: Monitor, views: Sequence[SegmentView], *, now: datetime) -> None:
        has_brand = monitor.brand_id is not None
        self.looks.append(
            Look(
                monitor=monitor.id,
                at=now,
                segments=tuple(self._segment(view, has_brand=has_brand) for view in views),
            )
        )

    def _segment(self, view: SegmentView, *, has_brand: bool) -> SegmentLook:
        scope = Scope(scenario=view.segment, has_brand=has_brand)
        held = frozenset(
            rule.id
            for rule in self._library.rules.values()
            if is_live(rule, scope) and outcome_of(rule.when, view.facts) is Outcome.HELD
        )
        return SegmentLook(
            scenario=view.scenario,
            segment=view.segment,
            is_inside=view.is_inside,
            crowd=Crowd(posts=view.windows.hour.posts, negative=view.windows.hour.negative),
            held=held,
            facts={name: view.facts.get(name) for name in self._read} if held else {},
            still_on=view.still_on,
        )


def is_live(rule: Rule, scope: Scope) -> bool:
    """Whether a rule may open a crisis of that segment."""
    return (
        rule.enabled
        and rule.mode is Mode.LIVE
        and rule.kind is Kind.CRISIS
        and rule.reads(scope.segment)
        and (scope.has_brand or not rule.needs_brand)
    )


Holds = Callable[[str, SegmentLook], bool]
"""Whether a rule that held still does, under other thresholds."""


def always(rule_id: str, look: SegmentLook) -> bool:
    """Every rule as it was recorded."""
    del rule_id, look
    return True


class Thresholded:
    """Rules with other conditions, each look judged once."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """`rules` by id; those that are not among them hold as they did."""
        self._rules = rules
        self._known: dict[tuple[str, int], bool] = {}

    def __call__(self, rule_id: str, look: SegmentLook) -> bool:
        rule = self._rules.get(rule_id)
        if rule is None:
            return True
        key = (rule_id, id(look))
        if key not in self._known:
            outcome = outcome_of(rule.when, Facts(look.facts))
            self._known[key] = outcome is Outcome.HELD
        return self._known[key]


@dataclass(slots=True)
class _Live:
    """The latest incident of a segment, as the grouping sees it, and its tiers."""

    incident: Incident
    tiers: list[Raise]


def play(looks: Sequence[Look], library: Library, *, holds: Holds = always) -> tuple[Found, ...]:
    """The incidents that the tape leads to when only those rules hold of which `holds` says so."""
    latest: dict[tuple[str, str], _Live] = {}
    every: list[_Live] = []
    for look in looks:
        keys = [(look.monitor, item.scenario) for item in look.segments]
        taking = any(key in latest and latest[key].incident.is_taking for key in keys)
        if not taking and not any(item.held for item in look.segments):
            continue
        named: set[str] = set()
        matches = _matches(look, library, holds)
        for segment in sorted(
            look.segments, key=lambda item: (item.scenario == UNCLASSIFIED, item.scenario)
        ):
            key = (look.monitor, segment.scenario)
            known = latest.get(key)
            if known is not None and known.incident.is_taking:
                named.add(segment.scenario)
            rules = matches[segment.scenario]
            asked = None if not rules else _asked(look, segment, rules, library)
            if asked is not None:
                explained = 0.0
                if segment.scenario == UNCLASSIFIED:
                    crowds = {item.scenario: item.crowd for item in look.segments}
                    explained = named_share(crowds, named)
                decision = decide(
                    asked,
                    latest=None if known is None else known.incident,
                    explained=explained,
                    now=look.at,
                )
                asking = tuple(name for name in rules if library.rules[name].tier == asked.tier)
                change = Raise(tier=asked.tier, at=look.at, rules=asking)
                if decision.move is Move.OPEN:
                    known = latest[key] = _Live(_opened(look, asked, asking), [change])
                    every.append(known)
                    named.add(segment.scenario)
                elif decision.move is Move.RAISE and known is not None:
                    known.incident = replace(
                        known.incident,
                        tier=asked.tier,
                        tier_rank=asked.rank,
                        reasons=({"rules": asking},),
                    )
                    known.tiers.append(change)
            if known is not None and known.incident.is_taking:
                known.incident = _settled(known.incident, segment, look.at)
    return tuple(_found(item) for item in every)


def _matches(look: Look, library: Library, holds: Holds) -> dict[str, tuple[str, ...]]:
    """The rules that ask for an incident, by scenario, less the inhibited ones."""
    held = {
        item.scenario: {name for name in item.held if holds(name, item)} for item in look.segments
    }
    kept = {
        scenario: {name for name in names if names.isdisjoint(library.rules[name].inhibited_by)}
        for scenario, names in held.items()
    }
    named = {name for scenario, names in kept.items() if scenario != UNCLASSIFIED for name in names}
    return {
        scenario: tuple(
            sorted(
                name
                for name in names
                if scenario != UNCLASSIFIED or named.isdisjoint(library.rules[name].inhibited_by)
            )
        )
        for scenario, names in kept.items()
    }


def _asked(look: Look, segment: SegmentLook, rules: tuple[str, ...], library: Library) -> Asked:
    tier = max(
        (library.rules[name].tier for name in rules), key=lambda name: rank(library.tiers, name)
    )
    return Asked(
        scenario=segment.scenario,
        tier=tier,
        rank=rank(library.tiers, tier),
        reasons=(),
        first_post_at=look.at,
        last_post_at=look.at,
        cool_down=shortest_cool_down(
            library, [name for name in rules if library.rules[name].tier == tier]
        ),
    )


def _opened(look: Look, asked: Asked, asking: tuple[str, ...]) -> Incident:
    return Incident(
        id=f"{look.monitor}/{asked.scenario}/{look.at.isoformat()}",
        kind=IncidentKind.CRISIS,
        drill=False,
        monitor_id=look.monitor,
        scenario=asked.scenario,
        segment=asked.scenario,
        title="",
        tier=asked.tier,
        tier_rank=asked.rank,
        state=State.NEW,
        reasons=({"rules": asking},),
        posts=0,
        first_post_id=None,
        first_post_at=look.at,
        opened_at=look.at,
        last_post_at=look.at,
        previous_id=None,
        updated_at=look.at,
        version=1,
    )


def _settled(incident: Incident, segment: SegmentLook, now: datetime) -> Incident:
    is_inside = segment.is_inside and not burns_on(incident, segment.still_on)
    calm = assess_calm(incident, is_inside=is_inside, now=now)
    return replace(
        incident,
        inside_since=calm.inside_since,
        taking_ended_at=now if calm.end is not None else None,
    )


def _found(item: _Live) -> Found:
    incident = item.incident
    return Found(
        monitor=incident.monitor_id,
        scenario=incident.scenario or UNCLASSIFIED,
        opened_at=incident.opened_at,
        first_post_at=incident.first_post_at,
        ended_at=incident.taking_ended_at or incident.opened_at + TAKING_MAX,
        tiers=tuple(item.tiers),
    )
