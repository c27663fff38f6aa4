"""Courses of crises to figures, told apart by tier, scenario and team. Pure.

The median is the middle value, of an even number the mean of the middle two; the p90 is the nearest
rank: the smallest value that nine in ten do not exceed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from service.cases.recurrence import TARGET
from service.complaints.report import nearest_rank
from service.handling.cost import Sum, summed
from service.handling.course import Axis, Handled
from service.handling.definition import DEFINITIONS, LEAST, Measure
from service.indicators.figure import Share, Silence

METHOD = (
    "median: the middle value, of an even number the mean of the middle two; p90: nearest rank, "
    "the smallest value that nine in ten do not exceed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """`part` of `whole` cases; without a share where they are too few. `target` is one to stay
    under, or to reach."""

    part: int
    whole: int
    share: float | None
    silence: Silence | None
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took in `n` cases, while `waiting` others are not there yet.

    `within` counts those that kept the target, of those that did or can no longer.
    """

    n: int
    waiting: int
    median: timedelta | None
    p90: timedelta | None
    silence: Silence | None
    target: timedelta | None
    within: Portion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Figures of the crises that share `key`; `recurrence` and `cost` belong to no single team."""

    key: Mapping[Axis, str | None]
    crises: int
    spreads: Mapping[Measure, Spread]
    breaches: Portion | None
    recurrence: Portion | None
    cost: Sum | None


def portion(share: Share, *, least: int = LEAST, target: float | None = None) -> Portion:
    """The share, unless it is of fewer than `least`."""
    part, whole = int(share.part), int(share.whole)
    enough = whole >= max(least, 1)
    return Portion(
        part=part,
        whole=whole,
        share=round(part / whole, 4) if enough else None,
        silence=None if enough else Silence.NOT_ENOUGH_DATA,
        target=target,
    )


def spread(
    measure: Measure, crises: Iterable[Handled], *, now: datetime, least: int = LEAST
) -> Spread:
    """One measure over some crises."""
    crises = tuple(crises)
    target = DEFINITIONS[measure].target
    spans = [item.span(measure) for item in crises]
    taken = sorted(span for span in spans if span is not None)
    enough = len(taken) >= max(least, 1)
    within = None
    if target is not None:
        late = sum(
            item.span(measure) is None and now >= item.since(measure) + target for item in crises
        )
        kept = sum(span <= target for span in taken)
        within = portion(Share(part=kept, whole=len(taken) + late), least=least)
    return Spread(
        n=len(taken),
        waiting=sum(measure in item.waiting for item in crises),
        median=_middle(taken) if enough else None,
        p90=nearest_rank(taken, 0.9) if enough else None,
        silence=None if enough else Silence.NOT_ENOUGH_DATA,
        target=target,
        within=within,
    )


def total(crises: Sequence[Handled], *, now: datetime, least: int = LEAST) -> Row:
    """All of them in one row."""
    return _row({}, crises, now=now, least=least)


def rows(
    crises: Sequence[Handled], by: Collection[Axis], *, now: datetime, least: int = LEAST
) -> tuple[Row, ...]:
    """A row for each combination that there is, in the order of its names; of all teams first."""
    axes = [axis for axis in Axis if axis in by and axis is not Axis.TEAM]
    groups: dict[tuple[str | None, ...], list[Handled]] = {}
    for item in crises:
        values = {Axis.TIER: item.tier, Axis.SCENARIO: item.scenario}
        groups.setdefault(tuple(values[axis] for axis in axes), []).append(item)
    found = []
    for names in sorted(groups, key=lambda key: tuple(name or "" for name in key)):
        key: dict[Axis, str | None] = dict(zip(axes, names, strict=True))
        group = groups[names]
        if Axis.TEAM not in by:
            found.append(_row(key, group, now=now, least=least))
            continue
        teams = {team for item in group for team in (*item.teams.values(), *item.due)}
        found.append(_row(key | {Axis.TEAM: None}, group, now=now, least=least))
        found += [_team_row(key, team, group, now=now, least=least) for team in sorted(teams)]
    return tuple(found)


def _row(
    key: Mapping[Axis, str | None], crises: Sequence[Handled], *, now: datetime, least: int
) -> Row:
    named = [item.recurs for item in crises if item.recurs is not None]
    return Row(
        key=key,
        crises=len(crises),
        spreads={item: spread(item, crises, now=now, least=least) for item in Measure},
        breaches=portion(_sum(item.fallen_due for item in crises), least=least),
        recurrence=portion(Share(part=sum(named), whole=len(named)), least=least, target=TARGET),
        cost=summed(item.cost for item in crises),
    )


def _team_row(
    key: Mapping[Axis, str | None],
    team: str,
    crises: Sequence[Handled],
    *,
    now: datetime,
    least: int,
) -> Row:
    """What is that team's: the measures of its steps, and its steps that fell due."""
    of_team = {
        measure: [item for item in crises if item.teams.get(measure) == team] for measure in Measure
    }
    return Row(
        key={**key, Axis.TEAM: team},
        crises=sum(team in item.due or team in item.teams.values() for item in crises),
        spreads={
            measure: spread(measure, group, now=now, least=least)
            for measure, group in of_team.items()
            if group
        },
        breaches=portion(_sum(item.due[team] for item in crises if team in item.due), least=least),
        recurrence=None,
        cost=None,
    )


def _middle(spans: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))


def _sum(shares: Iterable[Share]) -> Share:
    given = tuple(shares)
    return Share(part=sum(item.part for item in given), whole=sum(item.whole for item in given))
