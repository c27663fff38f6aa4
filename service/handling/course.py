"""The course of one crisis as far as it is measured, and which crises somebody asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from service.handling.cost import Cost
from service.handling.definition import DEFINITIONS, Measure, Start
from service.indicators import Window
from service.indicators.figure import Share


class Axis(StrEnum):
    """What crises are told apart by. A `team` is the role of the playbook that does a step."""

    TIER = "tier"
    SCENARIO = "scenario"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Real crises opened in the window: of `monitor`, where one was named, else of all that
    somebody may see (None: of every one)."""

    window: Window
    monitor: str | None = None
    monitors: Collection[str] | None = None
    scenario: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One crisis. `ends` has what has come to its end, `waiting` what people still wait for.

    `teams` says whose step a measure is, `due` how many steps of each team fell due (`whole`) and
    how many of them were breached (`part`). `recurs` is None where nobody has named the crisis.
    """

    id: str
    monitor_id: str
    scenario: str | None
    tier: str
    title: str
    state: str
    first_post_at: datetime
    opened_at: datetime
    ends: Mapping[Measure, datetime] = field(default_factory=dict)
    waiting: frozenset[Measure] = frozenset()
    teams: Mapping[Measure, str] = field(default_factory=dict)
    due: Mapping[str, Share] = field(default_factory=dict)
    recurs: bool | None = None
    cost: Cost

    def since(self, measure: Measure) -> datetime:
        """Where the measure begins."""
        from_post = DEFINITIONS[measure].since is Start.FIRST_POST
        return self.first_post_at if from_post else self.opened_at

    def span(self, measure: Measure) -> timedelta | None:
        """What it took; None while it lasts. Never below 0, whatever clocks say."""
        end = self.ends.get(measure)
        return None if end is None else max(timedelta(), end - self.since(measure))

    @property
    def fallen_due(self) -> Share:
        """Of all teams."""
        shares = self.due.values()
        return Share(
            part=sum(item.part for item in shares), whole=sum(item.whole for item in shares)
        )
