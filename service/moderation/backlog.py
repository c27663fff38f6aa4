"""More work than people get through: one incident for each queue, as long as it is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import Incident, Incidents, Kind, Opening, State, subjects
from service.incidents.model import SYSTEM_ACTOR
from service.moderation.at_risk import NO_MONITOR

TITLE = "处理积压"
MEASURED = "backlog_measured"
OLDEST_AGE = "oldest_age_s"
QUEUE_LENGTH = "queue_length"
MEASURED_EVERY = timedelta(hours=1)
"""How often the figures of an open backlog are written on its timeline."""
DISMISSED_FOR = timedelta(hours=1)
"""What a person has called no backlog is not opened again so soon."""
_JOINABLE = frozenset({State.NEW, State.ACKNOWLEDGED, State.RESPONDING, State.MONITORING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is the matter with a queue: `length` items wait, the oldest since `oldest_age`.

    `limit` is the longest that an item of it may wait; `queue` names it in at most 40 characters.
    """

    queue: str
    length: int
    oldest_age: timedelta
    limit: timedelta


class Told(StrEnum):
    """What became of the report."""

    OPENED = "an incident was opened"
    RAISED = "the open incident was raised to a higher tier"
    JOINED = "an open incident has it"
    DISMISSED = "a person has just said that this is no backlog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    told: Told
    incident: Incident


def rank_of(backlog: Backlog, *, tiers: int) -> int:
    """How grave it is, from 1 to `tiers`: by the age of the oldest item against its limit.

    The lowest while nothing is over the limit, the highest from twice the limit, between them the
    middle one (of an even number the upper).
    """
    if backlog.oldest_age >= 2 * backlog.limit:
        return tiers
    return 1 if backlog.oldest_age <= backlog.limit else tiers // 2 + 1


class Backlogs:
    """Opens and raises backlog incidents, inside the caller's transaction."""

    def __init__(self, *, incidents: Incidents, tiers: tuple[str, ...]) -> None:
        """`tiers` are the ids of the tier table, lowest first."""
        self._incidents = incidents
        self._tiers = tiers

    async def report(
        self, connection: AsyncConnection, backlog: Backlog, *, now: datetime
    ) -> Reported:
        """Open the incident of a queue, or bring the open one up to date; safe to repeat.

        The tier only rises here. An incident that was resolved is over: what comes after it is a
        new one and links it.
        """
        latest = await subjects.latest_about(connection, Kind.BACKLOG, backlog.queue)
        rank = rank_of(backlog, tiers=len(self._tiers))
        if latest is not None and latest.state in _JOINABLE:
            return await self._update(connection, latest, backlog, rank, now=now)
        if latest is not None and _is_dismissed(latest, now):
            return Reported(told=Told.DISMISSED, incident=latest)
        opening = Opening(
            kind=Kind.BACKLOG,
            monitor_id=NO_MONITOR,
            scenario=None,
            subject=backlog.queue,
            title=f"{TITLE}：{backlog.queue}",
            tier=self._tiers[rank - 1],
            tier_rank=rank,
            reasons=_reasons(backlog),
            posts=0,
            first_post_id=None,
            # No post began it: both clocks begin with its opening.
            first_post_at=now,
            last_post_at=None,
            previous_id=None if latest is None else latest.id,
        )
        incident = await self._incidents.open(connection, opening, now=now)
        return Reported(told=Told.OPENED, incident=incident)

    async def _update(
        self,
        connection: AsyncConnection,
        incident: Incident,
        backlog: Backlog,
        rank: int,
        *,
        now: datetime,
    ) -> Reported:
        if rank > incident.floor_rank:
            incident = await self._incidents.set_tier(
                connection,
                incident,
                tier=self._tiers[rank - 1],
                rank=rank,
                reasons=_reasons(backlog),
                actor=SYSTEM_ACTOR,
                now=now,
            )
            return Reported(told=Told.RAISED, incident=incident)
        since = now - MEASURED_EVERY
        is_fresh = incident.opened_at > since or await subjects.happened_since(
            connection, incident.id, MEASURED, since
        )
        if not is_fresh:
            figures = _figures(backlog)
            await self._incidents.note(
                connection, incident, MEASURED, figures, part=now.isoformat(), now=now
            )
        return Reported(told=Told.JOINED, incident=incident)


def _is_dismissed(incident: Incident, now: datetime) -> bool:
    ended = incident.closed_at
    dismissed = incident.state is State.FALSE_POSITIVE
    return dismissed and ended is not None and now - ended < DISMISSED_FOR


def _figures(backlog: Backlog) -> dict[str, Any]:
    return {
        "queue": backlog.queue,
        "length": backlog.length,
        "oldest_age_s": backlog.oldest_age.total_seconds(),
        "limit_s": backlog.limit.total_seconds(),
    }


def _reasons(backlog: Backlog) -> tuple[dict[str, Any], ...]:
    return (
        {
            "clause": OLDEST_AGE,
            "value": backlog.oldest_age.total_seconds(),
            "threshold": backlog.limit.total_seconds(),
        },
        {"clause": QUEUE_LENGTH, "value": backlog.length, "threshold": None},
    )
