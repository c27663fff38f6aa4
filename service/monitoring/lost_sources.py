"""A feed that cannot be seen: an incident for each, or one for all that one outage darkens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import Alarm, Cause, Condition, Feed, Loss
from service.coverage import repository as feed_rows
from service.ids import stable_id
from service.incidents import (
    Action,
    Incident,
    Incidents,
    Kind,
    Opening,
    State,
    repository,
    subjects,
)
from service.incidents.model import SYSTEM_ACTOR
from service.moderation.at_risk import NO_MONITOR

TITLE = "信源失联"
RESTORED = "feed_restored"
LOST_AGAIN = "feed_lost_again"
LOST_TOO = "feed_lost_too"
BLIND_FOR = "blind_for_s"
SHARE = "share_of_posts"
GRAVE_AFTER = timedelta(hours=4)
GRAVE_SHARE = 0.5
REOPENED_FOR = timedelta(hours=1)
"""A feed lost again so soon after it came back is the same trouble, not a new one."""
DISMISSED_FOR = timedelta(hours=1)
"""What a person has called no loss is not opened again so soon."""
OUTAGE_WITHIN = timedelta(minutes=30)
"""Feeds that go dark of one trouble on our side within this time share an incident."""
_OURS = frozenset({Cause.FETCH_FAILED, Cause.NOT_PULLED})
"""What befalls feeds together: the network, or the crawler itself. A refusal is one site's."""
_MOST_TITLED = 5
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
        that it is over, and what comes is a new one that links it. A feed that fails as another
        did just before is told of by the incident of that one.
        """
        latest = await self._incident_of(connection, loss.feed)
        rank = rank_of(loss, tiers=len(self._tiers), now=now)
        if latest is not None and _is_resumed(latest, now):
            latest = await self._resume(connection, latest, loss, now)
        if latest is not None and latest.state in _WORKED:
            return _alarm(await self._raise(connection, latest, loss, rank, now))
        if latest is not None and _is_dismissed(latest, now):
            return _alarm(latest)
        outage = await self._outage(connection, loss, now)
        if outage is not None:
            return _alarm(await self._join(connection, outage, loss, rank, now))
        return _alarm(await self._open(connection, latest, loss, rank, now))

    async def restored(
        self, connection: AsyncConnection, feed: Feed, condition: Condition, *, now: datetime
    ) -> Alarm | None:
        """Resolve the open incident of a feed that is seen again; None where there is none.

        One that others share goes on until the last of them is seen.
        """
        latest = await self._incident_of(connection, feed)
        if latest is None or latest.state not in _WORKED:
            return None
        told = {"feed": feed.name, "state": condition.sight.value, "detail": condition.detail}
        await self._incidents.note(
            connection, latest, RESTORED, told, part=f"{feed.id} {now.isoformat()}", now=now
        )
        shared = await feed_rows.sharing(connection, latest.id)
        if any(other.id != feed.id for other in shared):
            return _alarm(latest)
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
            title=_title([loss.feed.name]),
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

    async def _incident_of(self, connection: AsyncConnection, feed: Feed) -> Incident | None:
        """The incident that tells of the feed's darkness, or the latest that did."""
        if feed.incident_id is not None:
            known = await repository.find(connection, feed.incident_id)
            if known is not None:
                return known
        return await subjects.latest_about(connection, Kind.COVERAGE, subject_of(feed.id))

    async def _outage(
        self, connection: AsyncConnection, loss: Loss, now: datetime
    ) -> Incident | None:
        """The incident of another feed that the same trouble darkened just before."""
        if loss.condition.cause not in _OURS:
            return None
        recent = await subjects.opened_since(connection, Kind.COVERAGE, now - OUTAGE_WITHIN)
        for incident in recent:
            began_with = incident.reasons[0]["clause"] if incident.reasons else None
            if incident.state in _WORKED and began_with == loss.condition.cause.value:
                return incident
        return None

    async def _join(
        self, connection: AsyncConnection, incident: Incident, loss: Loss, rank: int, now: datetime
    ) -> Incident:
        told = {"feed": loss.feed.name, "detail": loss.condition.detail}
        await self._incidents.note(
            connection, incident, LOST_TOO, told, part=f"{loss.feed.id} {now.isoformat()}", now=now
        )
        others = await feed_rows.sharing(connection, incident.id)
        names = [other.name for other in others if other.id != loss.feed.id]
        incident = await repository.change(
            connection, incident, now=now, title=_title([*names, loss.feed.name])
        )
        return await self._raise(connection, incident, loss, rank, now)

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
        condition = loss.condition
        told = {"feed": loss.feed.name, "state": condition.sight.value, "detail": condition.detail}
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


def _title(names: Sequence[str]) -> str:
    """The feeds by name, the first few of many."""
    more = f" 等 {len(names)} 个" if len(names) > _MOST_TITLED else ""
    return f"{TITLE}：{'、'.join(names[:_MOST_TITLED])}{more}"


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
