"""Silences as values: whom they match is a pure question. A silence stops pages, and only pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ConfigDict

from service.incidents import Incident, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Every list that is not empty must have the incident's; an empty one takes any."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()

    def is_about(self, monitors: frozenset[str] | None) -> bool:
        """Whether it may match an incident of one of those monitors; None is any monitor."""
        return monitors is None or not self.monitors or not monitors.isdisjoint(self.monitors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """From `starts_at` to `ends_at`, half open, or until somebody ends it.

    `gravest` says that a lead has confirmed that the gravest tier is silenced too; without it that
    tier is paged whatever the matcher says.
    """

    id: str
    reason: str
    matcher: Matcher
    gravest: bool
    created_by: str
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def stands(self, at: datetime) -> bool:
        return self.ended_at is None and self.starts_at <= at < self.ends_at

    def matches(self, incident: Incident, *, gravest: str) -> bool:
        """Whether it is about that incident; `gravest` is the tier above all others.

        A person at risk and a drill are never silenced: the one may not wait, the other is ours.
        """
        if incident.kind is Kind.PERSON_AT_RISK or incident.drill:
            return False
        if incident.tier == gravest and not self.gravest:
            return False
        wanted = (
            (self.matcher.monitors, incident.monitor_id),
            (self.matcher.scenarios, incident.scenario),
            (self.matcher.tiers, incident.tier),
        )
        return all(not names or value in names for names, value in wanted)


def silenced_by(
    silences: Iterable[Silence], incident: Incident, *, at: datetime, gravest: str
) -> Silence | None:
    """Of the silences that stand and match, the one that ends last."""
    found = [
        silence
        for silence in silences
        if silence.stands(at) and silence.matches(incident, gravest=gravest)
    ]
    return max(found, key=lambda silence: (silence.ends_at, silence.id), default=None)
