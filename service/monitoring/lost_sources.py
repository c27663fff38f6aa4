"""A feed that cannot be seen: one incident for each, as long as it is so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import Alarm, Condition, Loss
from service.ids import stable_id
from service.incidents import Action, Incident, Incidents, Kind, Opening, State, subjects
from service.incidents.model import SYSTEM_ACTOR
from service.moderation.at_risk import NO_MONITOR

TITLE = "信源失联"
RESTORED = "feed_restored"
LOST_AGAIN = "feed_lost_again"
BLIND_FOR = "blind_for_s"
SHARE = "share_of_posts"
GRAVE_AFTER = timedelta(hours=4)
GRAVE_SHARE = 0.5
REOPENED_FOR = timedelta(hours=1)
"""A feed lost again so soon after it came back is the same trouble, not a new one."""
DISMISSED_FOR = timedelta(hours=1)
"""What a person has called no loss is not opened again so soon."""
_LONGEST_SUBJECT = 64
_WORKED = frozenset({State.NEW, State.ACKNOWLEDGED, State.RESPONDING, State.MONITORING})


def rank_of(loss: Loss, *, tiers: int, now: datetime) -> int:
    """How grave it is, from 1 to `tiers`.

    The highest where nothing else can be seen either; the middle one (of an even number the upper)
    for a feed that brings half of all posts, or that has been lost for four hours; else the lowest.
    """
    if not loss.others_seen:
        return tiers
    long = now - loss.condition.since >= GRAVE_AFTER
    return tiers // 2 + 1 if long or loss.share >= GRAVE_SHARE else 1


class LostSources:
    """Opens, raises and ends coverage incidents, inside the caller's transaction."""

    def __init__(self, *, incidents: Incidents, tiers: tuple[str, ...]) -> None:
        """`tiers` are the ids of the tier table, lowest first."""
        self._incidents = incidents
        self._tiers = tiers

    async def lost(self, connection: AsyncConnection, loss: Loss, *, now: datetime) -> Alarm:
        """Open the incident of a feed, or bring the open one up to date; safe to repeat.

        The tier only rises here. One that was resolved within the hour is taken up again; after
        that it is over, and what comes is a new one that links it.
        """
        latest = await subjects.latest_about(connection, Kind.COVERAGE, subject_of(loss.feed.id))
        rank = rank_of(loss, tiers=len(self._tiers), now=now)
        if latest is not None and _is_resumed(latest, now):
            latest = await self._resume(connection, latest, loss, now)
        if latest is not None and latest.state in _WORKED:
            return _alarm(await self._raise(connection, latest, loss, rank, now))
        if latest is not None and _is_dismissed(latest, now):
            return _alarm(latest)
        return _alarm(await self._open(connection, latest, loss, rank, now))

    async def restored(
        self, connection: AsyncConnection, feed_id: str, condition: Condition, *, now: datetime
    ) -> Alarm | None:
        """Resolve the open incident of a feed that is seen again; None where there is none."""
        latest = await subjects.latest_about(connection, Kind.COVERAGE, subject_of(feed_id))
        if latest is None or latest.state not in _WORKED:
            return None
        told = {"state": condition.sight.value, "detail": condition.detail}
        await self._incidents.note(
            connection, latest, RESTORED, told, part=now.isoformat(), now=now
        )
        # Nothing is resolved that nobody has seen: where no person was faster, the machine saw it.
        moves = (Action.ACKNOWLEDGE, Action.RESOLVE)
        for action in moves if latest.state is State.NEW else moves[1:]:
            latest = await self._incidents.move(
                connection,
                latest,
                action,
                actor=SYSTEM_ACTOR,
                now=now,
                reason="the feed is seen again",
            )
        return _alarm(latest)

    async def _open(
        self,
        connection: AsyncConnection,
        latest: Incident | None,
        loss: Loss,
        rank: int,
        now: datetime,
    ) -> Incident:
        opening = Opening(
            kind=Kind.COVERAGE,
            monitor_id=NO_MONITOR,
            scenario=None,
            subject=subject_of(loss.feed.id),
            title=f"{TITLE}：{loss.feed.name}",
            tier=self._tiers[rank - 1],
            tier_rank=rank,
            reasons=_reasons(loss, now),
            posts=0,
            first_post_id=None,
            # No post began it: both clocks begin with its opening.
            first_post_at=now,
            last_post_at=None,
            previous_id=None if latest is None else latest.id,
        )
        return await self._incidents.open(connection, opening, now=now)

    async def _raise(
        self, connection: AsyncConnection, incident: Incident, loss: Loss, rank: int, now: datetime
    ) -> Incident:
        if rank <= incident.floor_rank:
            return incident
        return await self._incidents.set_tier(
            connection,
            incident,
            tier=self._tiers[rank - 1],
            rank=rank,
            reasons=_reasons(loss, now),
            actor=SYSTEM_ACTOR,
            now=now,
        )

    async def _resume(
        self, connection: AsyncConnection, incident: Incident, loss: Loss, now: datetime
    ) -> Incident:
        told = {"state": loss.condition.sight.value, "detail": loss.condition.detail}
        await self._incidents.note(
            connection, incident, LOST_AGAIN, told, part=now.isoformat(), now=now
        )
        return await self._incidents.move(
            connection,
            incident,
            Action.RESPOND,
            actor=SYSTEM_ACTOR,
            now=now,
            reason="the feed was lost again",
        )


def subject_of(feed_id: str) -> str:
    """The feed's id as the subject of an incident, which has room for 64 characters."""
    return feed_id if len(feed_id) <= _LONGEST_SUBJECT else stable_id("feed", feed_id)


def _alarm(incident: Incident) -> Alarm:
    return Alarm(incident_id=incident.id, tier_rank=incident.tier_rank)


def _is_resumed(incident: Incident, now: datetime) -> bool:
    ended = incident.resolved_at
    return incident.state is State.RESOLVED and ended is not None and now - ended < REOPENED_FOR


def _is_dismissed(incident: Incident, now: datetime) -> bool:
    ended = incident.closed_at
    dismissed = incident.state is State.FALSE_POSITIVE
    return dismissed and ended is not None and now - ended < DISMISSED_FOR


def _reasons(loss: Loss, now: datetime) -> tuple[dict[str, Any], ...]:
    condition = loss.condition
    return (
        {"clause": condition.cause.value, "value": condition.detail, "threshold": None},
        {
            "clause": BLIND_FOR,
            "value": (now - condition.since).total_seconds(),
            "threshold": GRAVE_AFTER.total_seconds(),
        },
        {"clause": SHARE, "value": round(loss.share, 3), "threshold": GRAVE_SHARE},
    )
