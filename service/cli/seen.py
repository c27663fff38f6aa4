"""What `fengsui doctor` says of sources, objectives, the canary, the lags and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbooks import Library
from service.clock import Clock
from service.coverage import Coverage, Schedule
from service.coverage.canary import CanaryHealth
from service.coverage.lag import LagReport
from service.coverage.overview import Overview
from service.db import Database
from service.rules import repository, rules_in_force
from service.stores import PostStore


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing that was looked at; `problem` is None where all is well."""

    name: str
    problem: str | None


async def look(
    database: Database, store: PostStore, clock: Clock
) -> tuple[tuple[Finding, ...], str | None]:
    """The findings, and a line on the lags where there were posts."""
    coverage = Coverage(database=database, store=store, clock=clock, schedules=_unscheduled)
    overview = await coverage.overview()
    return findings(overview), lag_line(await coverage.lag())


def findings(overview: Overview) -> tuple[Finding, ...]:
    """One for each feed that was ever pulled or heard of, each objective, and the canary."""
    feeds = [
        Finding(
            f"source {feed.id}: {feed.condition.sight.value}",
            f"blind since {feed.condition.since:%Y-%m-%d %H:%M} UTC: {feed.condition.detail}; "
            "see its incident, or GET /v1/coverage"
            if feed.condition.dark
            else None,
        )
        for feed in overview.feeds
    ]
    objectives = [
        Finding(
            f"objective {item.name.value}",
            f"{item.share:.2%} of {item.cases} where {item.target:.1%} are promised"
            if item.missed and item.share is not None
            else None,
        )
        for item in overview.standing.objectives
        if item.share is not None
    ]
    canary = []
    health = overview.canary.health(overview.at)
    if health is not CanaryHealth.UNKNOWN:
        stuck = overview.canary.stuck_at or "nowhere, so nothing watches it"
        late = f"no synthetic post has walked the whole line for 15 minutes; stuck at: {stuck}"
        canary = [Finding("canary", late if health is CanaryHealth.LATE else None)]
    return (*feeds, *objectives, *canary)


async def overlays(database: Database, library: Library) -> tuple[Finding, ...]:
    """One for each rule of the installation: whether this release reads what lies over it."""
    async with database.read() as connection:
        saved = await repository.every(connection)
    lost = rules_in_force(library, saved.values()).unreadable
    return tuple(
        Finding(
            f"rule {name}",
            f"what was laid over it at version {overlay.version} cannot be read and is not in "
            f"force: {'; '.join(lost[name])}; save it anew, or DELETE /v1/rules/{name}"
            if name in lost
            else None,
        )
        for name, overlay in saved.items()
    )


def lag_line(lag: LagReport) -> str | None:
    """p50/p95/p99 of each stage that was measured, in seconds."""
    told = [
        f"{stage.value} {found.p50:.1f}/{found.p95:.1f}/{found.p99:.1f}"
        for stage, found in lag.overall.items()
        if found.p50 is not None and found.p95 is not None and found.p99 is not None
    ]
    return f"lag of a day, p50/p95/p99 in seconds: {', '.join(told)}" if told else None


async def _unscheduled() -> Mapping[str, Schedule]:
    """The doctor opens no secrets, so it knows no intervals: what was pulled is counted."""
    return {}
