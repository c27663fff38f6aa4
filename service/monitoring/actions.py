"""Decisions carried out: one transaction a monitor, with the evidence read beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import Incidents
from service.incidents.model import SYSTEM_ACTOR, UNCLASSIFIED, Evidence, Incident, Kind, Opening
from service.monitoring.evidence import FIRST, choose, freeze
from service.monitoring.grouping import Asked, Calm, Decision, TakingEnd
from service.monitoring.situation import SegmentView
from service.monitors.model import Monitor
from service.posts import incident_query
from service.stores.errors import StoreError
from service.stores.post_store import PostQuery, PostStore, SortOrder

_TICK = timedelta(seconds=1)
SPARSE = 0.5
FEW = 12
"""Where hardly anything is usual (posts an hour) and few posts came, all from the first bad one on
belong together: a rare event is told of by single posts hours apart."""
_BACK = timedelta(hours=24)
_EVER = datetime.min.replace(tzinfo=UTC)
_LATE = timedelta(hours=6)
_LATE_POSTS = 20
"""How far before the first post a late one is looked for, and among how many."""
_MORE = 5
"""Posts frozen at each tick while an incident takes posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the post store says about one segment that asks for an incident, or feeds one.

    `every_mood` is as of an incident.
    """

    every_mood: bool
    posts: int
    first_post_id: str | None
    first_post_at: datetime
    last_post_at: datetime
    evidence: tuple[Evidence, ...]


class Gathering:
    """Reads counts, first post and evidence of a segment, before any transaction is opened."""

    def __init__(self, store: PostStore) -> None:
        self._store = store

    def query(
        self,
        monitor_id: str,
        scenario: str,
        since: datetime,
        now: datetime,
        *,
        every_mood: bool,
    ) -> PostQuery:
        """The posts of an incident, up to now."""
        until = now + _TICK
        return incident_query(monitor_id, scenario, since=since, until=until, every_mood=every_mood)

    async def opening(
        self,
        monitor_id: str,
        view: SegmentView,
        *,
        every_mood: bool,
        floor: datetime | None,
        now: datetime,
    ) -> Gathered | None:
        """What a new incident starts with; None when no post of the segment may begin one."""
        back = now - _BACK if floor is None else max(floor, now - _BACK)
        query = self.query(monitor_id, view.scenario, back, now, every_mood=every_mood)
        began = await self._onset(view, query, every_mood=every_mood)
        query = replace(query, since=max(back, began))
        first = await self._store.search(query, limit=1, sort=SortOrder.OLDEST)
        if not first.items:
            return None
        first_post = first.items[0].post
        top = await self._store.search(query, limit=3 * FIRST, sort=SortOrder.ENGAGEMENT)
        last = await self._store.search(query, limit=1, sort=SortOrder.NEWEST)
        ranked = sorted((item.post for item in top.items), key=lambda post: -post.severity)
        frozen = choose([first_post, *ranked], limit=FIRST)
        return Gathered(
            every_mood=every_mood,
            posts=first.total,
            first_post_id=first_post.id,
            first_post_at=first_post.published_at,
            last_post_at=last.items[0].post.published_at,
            evidence=tuple(freeze(post, now=now) for post in frozen),
        )

    async def with_spreaders(
        self, gathered: Gathered, explanation: Mapping[str, Any] | None, *, now: datetime
    ) -> Gathered:
        """The same with the posts of the biggest spreaders frozen too, those that are there."""
        spreaders = (explanation or {}).get("spreaders") or ()
        known = {item.post_id for item in gathered.evidence}
        wanted = dict.fromkeys(item["post"] for item in spreaders if item["post"] not in known)
        try:
            found = await self._store.get_many(list(wanted)) if wanted else {}
        except StoreError:
            # As of an explanation: an incident does not wait for it.
            return gathered
        more = tuple(freeze(found[post_id], now=now) for post_id in wanted if post_id in found)
        return replace(gathered, evidence=(*gathered.evidence, *more))

    async def _onset(self, view: SegmentView, query: PostQuery, *, every_mood: bool) -> datetime:
        """Where the posts of the incident begin: the run of unusual time that reaches now."""
        negative = view.scenario == UNCLASSIFIED and not every_mood
        burst = view.baseline.negative if negative else view.baseline.posts
        if (burst.expected or 0.0) >= SPARSE or view.windows.day.posts > FEW:
            began = burst.began
        else:
            began = await self._first_bad(query)
        return began or view.windows.day.first_published_at or _EVER

    async def _first_bad(self, query: PostQuery) -> datetime | None:
        """The first post with a bad word in it, where none has one the first negative post.

        That a model takes praise beside a hospital for a complaint begins nothing.
        """
        for bad in (replace(query, severity_at_least=1), replace(query, sentiments=("negative",))):
            page = await self._store.search(bad, limit=1, sort=SortOrder.OLDEST)
            if page.items:
                return page.items[0].post.published_at
        return None

    async def joining(self, incident: Incident, *, now: datetime) -> Gathered | None:
        """What has come to a taking incident: the count since its first post, and new evidence."""
        query = self.query(
            incident.monitor_id,
            incident.segment or UNCLASSIFIED,
            incident.first_post_at,
            now,
            every_mood=incident.every_mood,
        )
        last = await self._store.search(query, limit=_MORE, sort=SortOrder.NEWEST)
        if last.total == incident.posts or not last.items:
            return None
        newest = [item.post for item in last.items]
        first_at, first_id = await self._late_first(incident, query)
        return Gathered(
            every_mood=incident.every_mood,
            posts=last.total,
            first_post_id=first_id,
            first_post_at=first_at,
            last_post_at=newest[0].published_at,
            evidence=tuple(freeze(post, now=now) for post in choose(newest, limit=_MORE)),
        )

    async def _late_first(
        self, incident: Incident, query: PostQuery
    ) -> tuple[datetime, str | None]:
        """The first post, or an earlier one that came after the incident was opened."""
        before = replace(query, since=incident.first_post_at - _LATE, until=incident.first_post_at)
        page = await self._store.search(before, limit=_LATE_POSTS, sort=SortOrder.OLDEST)
        for item in page.items:
            if item.post.stored_at > incident.opened_at:
                return item.post.published_at, item.post.id
        return incident.first_post_at, incident.first_post_id


class Actions:
    """Writes what was decided. Each method runs inside the caller's transaction."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents

    async def open(
        self,
        connection: AsyncConnection,
        monitor: Monitor,
        asked: Asked,
        decision: Decision,
        gathered: Gathered,
        *,
        now: datetime,
    ) -> Incident:
        """Open a crisis; the previous one of the scenario, if any, is linked."""
        opening = Opening(
            kind=Kind.CRISIS,
            monitor_id=monitor.id,
            scenario=asked.scenario,
            every_mood=gathered.every_mood,
            title=monitor.name,
            tier=asked.tier,
            tier_rank=asked.rank,
            reasons=asked.reasons,
            posts=gathered.posts,
            first_post_id=gathered.first_post_id,
            first_post_at=gathered.first_post_at,
            last_post_at=gathered.last_post_at,
            previous_id=decision.incident.id if decision.incident else None,
            evidence=gathered.evidence,
            explanation=asked.explanation,
        )
        return await self._incidents.open(connection, opening, now=now)

    async def join(
        self,
        connection: AsyncConnection,
        incident: Incident,
        gathered: Gathered,
        *,
        evidence_left: int,
        now: datetime,
    ) -> Incident:
        """Count the new posts and freeze some of them."""
        return await self._incidents.take(
            connection,
            incident,
            posts=gathered.posts,
            evidence=gathered.evidence[: max(0, evidence_left)],
            last_post_at=gathered.last_post_at,
            first_post=(gathered.first_post_at, gathered.first_post_id or ""),
            now=now,
        )

    async def escalate(
        self, connection: AsyncConnection, incident: Incident, asked: Asked, *, now: datetime
    ) -> Incident:
        """Raise the tier to what the rules ask for."""
        return await self._incidents.set_tier(
            connection,
            incident,
            tier=asked.tier,
            rank=asked.rank,
            reasons=asked.reasons,
            actor=SYSTEM_ACTOR,
            now=now,
            explanation=asked.explanation,
        )

    async def end(
        self, connection: AsyncConnection, incident: Incident, *, reason: str, now: datetime
    ) -> Incident:
        """End the taking of an incident for a reason outside its posts."""
        return await self._incidents.end_taking(
            connection, incident, reason=reason, contained=False, now=now
        )

    async def settle(
        self, connection: AsyncConnection, incident: Incident, calm: Calm, *, now: datetime
    ) -> Incident:
        """Keep the quiet-time book; end the taking when it is due."""
        if calm.inside_since != incident.inside_since:
            incident = await self._incidents.note_inside(
                connection, incident, inside_since=calm.inside_since, now=now
            )
        if calm.end is not None:
            incident = await self._incidents.end_taking(
                connection,
                incident,
                reason=calm.end.value,
                contained=calm.end is TakingEnd.CONTAINED,
                now=now,
            )
        return incident
