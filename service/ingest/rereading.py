"""The job that reads hot posts again: counters stay true, edits and deletions are noticed.

Reading what is new goes first: a source that is due, or in trouble, is not asked for old posts, and
only a part of its pace may go into this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from crawlers import (
    Blocked,
    CheckpointStore,
    Engagement,
    Failed,
    Fetcher,
    Heat,
    NextLook,
    Post,
    Reread,
    Rereads,
    acts,
    first_look,
    has_risen,
    kinds,
    next_look,
    requests_an_hour,
)
from service.clock import Clock
from service.db import Database
from service.db.changes import mark
from service.db.leases import Tenure
from service.incidents import repository
from service.ingest import hot_posts
from service.ingest.gate import StoreGate
from service.ingest.hot_posts import HotPost
from service.ingest.pipeline import Ingest
from service.metrics import rereads
from service.monitors.sources import Sources
from service.stores.post_store import PostChange, PostQuery, PostStore, SortOrder, StoredPost

GATHER_EVERY = timedelta(minutes=5)
COLD_FOR = timedelta(days=2)
RISING_SINCE = timedelta(days=1)
LEAST_ACTS = 10
"""Reposts, comments and likes of a post that may be rising."""
MOST_RISING = 50
AT_ONCE = 20
_ALL_MISSING = 3
"""So many posts are not deleted between two looks, all of them and no other: the site may have
changed."""
_SURE_AFTER = timedelta(hours=1)
"""What so many are still missing after, while the source answers well, is true."""
_MARGIN = timedelta(seconds=10)
_WAIT = timedelta(seconds=30)
_HOLD = timedelta(minutes=10)
_REREAD_SECONDS = 120.0
_HOUR = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Place:
    """A source that can bring posts again, and what that has cost in this hour."""

    source: Rereads
    requests: int
    hour: datetime
    used: int = 0
    held_until: datetime | None = None
    lost: set[str] = field(default_factory=set)
    """Posts that were missing since the last one that came."""

    def room(self, now: datetime) -> int:
        """How many posts may be asked for now."""
        if now - self.hour >= _HOUR:
            self.hour, self.used = now, 0
        return min(AT_ONCE, max(0, self.requests - self.used) * self.source.posts_a_request)

    def spend(self, posts: int) -> None:
        self.used += -(-posts // self.source.posts_a_request)


class Rereading:
    """Gathers what is hot, and looks at it when that is due; one process at a time."""

    name = "reread"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        sources: Sources,
        checkpoints: CheckpointStore,
        fetcher: Fetcher,
        store: PostStore,
        ingest: Ingest,
        gate: StoreGate,
        tenure: Tenure,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sources = sources
        self._checkpoints = checkpoints
        self._fetcher = fetcher
        self._store = store
        self._ingest = ingest
        self._gate = gate
        self._tenure = tenure
        self._places: dict[str, _Place] = {}
        self._mark: tuple[int, int] | None = None
        self._gather_at: datetime | None = None
        self._not_before: datetime | None = None

    async def next_at(self) -> datetime | None:
        """When hot posts are gathered or the next one is looked at; None without a source."""
        places = await self._current()
        if not places:
            return None
        now = self._clock.now()
        async with self._database.read() as connection:
            dues = await hot_posts.earliest(connection, list(places))
        looks = [max(at, places[name].held_until or at) for name, at in dues.items()]
        earliest = min([self._gather_at or now, *looks])
        return earliest if self._not_before is None else max(earliest, self._not_before)

    async def run(self, now: datetime) -> int:
        """Look at every post that is due and that its source has room for; answers how many."""
        if not self._gate.is_open():
            self._not_before = now + _WAIT
            return 0
        mine = await self._tenure.take()
        self._not_before = None if mine else now + _WAIT
        return await self._run(now) if mine else 0

    async def _run(self, now: datetime) -> int:
        places = await self._current()
        if self._gather_at is None or self._gather_at <= now:
            await self._gather(now)
            self._gather_at = now + GATHER_EVERY
        looked = 0
        for source_id, place in places.items():
            if place.held_until is not None and place.held_until > now:
                continue
            room = place.room(now)
            if not room or not await self._is_at_rest(source_id, now):
                wait = _WAIT if room else place.hour + _HOUR - now
                place.held_until = now + wait
                continue
            async with self._database.read() as connection:
                hot = await hot_posts.due(connection, source_id, now=now, limit=room)
            if hot:
                looked += await self._look(source_id, place, hot)
        return looked

    async def _current(self) -> Mapping[str, _Place]:
        """The enabled sources that can bring posts again; built anew when one was edited."""
        async with self._database.read() as connection:
            current = await mark(connection, "source")
        if current != self._mark:
            built, _ = await self._sources.build_enabled()
            rates = {name: kind.rate_limit for name, kind in kinds().items()}
            now = self._clock.now()
            self._places = {}
            for item in await self._sources.every(enabled_only=True):
                source = built.get(item.id)
                if isinstance(source, Rereads):
                    requests = requests_an_hour(rates.get(item.kind))
                    self._places[item.id] = _Place(source=source, requests=requests, hour=now)
            self._mark = current
        return self._places

    async def _is_at_rest(self, source_id: str, now: datetime) -> bool:
        """Whether the source answers well and is not due to be pulled."""
        checkpoint = await self._checkpoints.load(source_id)
        if checkpoint is None or checkpoint.failures or checkpoint.next_due_at is None:
            return False
        return checkpoint.next_due_at > now + _MARGIN

    async def _gather(self, now: datetime) -> None:
        """Take up what open incidents hold as evidence, and what people react to most."""
        async with self._database.read() as connection:
            evidence = await repository.open_evidence(connection)
            fresh = set(evidence) - await hot_posts.known(connection, evidence, cold_too=False)
        in_incidents = (await self._store.get_many(sorted(fresh))).values()
        page = await self._store.search(
            PostQuery(since=now - RISING_SINCE), sort=SortOrder.ENGAGEMENT, limit=MOST_RISING
        )
        risen = [item.post for item in page.items if _may_rise(item.post)]
        async with self._database.write() as connection:
            seen = await hot_posts.known(connection, [post.id for post in risen], cold_too=True)
            rising = [post for post in risen if post.id not in seen and post.id not in evidence]
            for posts, heat in ((in_incidents, Heat.INCIDENT), (rising, Heat.RISING)):
                wanted = [
                    post for post in posts if post.via in self._places and post.deleted_at is None
                ]
                await hot_posts.heat_up(connection, wanted, heat=heat, now=now)
            await hot_posts.forget_cold(connection, before=now - COLD_FOR)

    async def _look(self, source_id: str, place: _Place, hot: Sequence[HotPost]) -> int:
        before = await self._store.get_many([item.post_id for item in hot])
        result = await self._reread(source_id, place, hot)
        now = self._clock.now()
        if result.stopped is not None:
            asked = getattr(result.stopped, "retry_after", None) or timedelta(0)
            place.held_until = now + max(asked, _HOLD)
            log.warning("reread.stopped", source=source_id, reason=str(result.stopped)[:300])
        wanted = {item.post_id for item in hot}
        posts = {post.id: post for post in result.posts if post.id in wanted}
        changes = dict((await self._ingest.ingest(list(posts.values()), via=source_id)).changes)
        # One that is missing among others is gone, and of two that are all a second look decides;
        # where many were asked for and none came, one an hour later does.
        missing = {
            item.post_id
            for item in hot
            if item.post_id not in posts and item.native_id in result.gone
        }
        place.lost = set() if posts else place.lost | missing
        denied = bool(missing) and len(place.lost) >= _ALL_MISSING
        if denied:
            place.held_until = now + _HOLD
            reason = f"all of the last {len(place.lost)} posts are missing"
            log.warning("reread.stopped", source=source_id, reason=reason)
            result = replace(result, stopped=Failed(reason=reason))
        gone = [
            item.post_id
            for item in hot
            if item.post_id in missing and (posts or _was_missed(item, denied=denied, now=now))
        ]
        for done in await self._store.mark_deleted(gone, at=now):
            changes[done.id] = done.change
        for change in changes.values():
            rereads.labels(source=source_id, change=change.value).inc()
        learnt = posts.keys() | missing
        await self._keep(
            [item for item in hot if item.post_id in learnt or result.stopped is None],
            before=before,
            posts=posts,
            missing=missing,
            gone=gone,
            changes=changes,
            again=_SURE_AFTER if denied else None,
            now=now,
        )
        return len(learnt)

    async def _reread(self, source_id: str, place: _Place, hot: Sequence[HotPost]) -> Reread:
        place.spend(len(hot))
        try:
            async with asyncio.timeout(_REREAD_SECONDS):
                return await place.source.reread([item.native_id for item in hot], self._fetcher)
        except TimeoutError:
            return Reread(stopped=Failed(reason=f"took more than {_REREAD_SECONDS:g} s"))
        except Exception as error:  # a source of somebody else must not stop the others
            log.exception("reread.source_raised", source=source_id)
            return Reread(stopped=Blocked(reason=f"{type(error).__name__}: {error}"[:300]))

    async def _keep(
        self,
        looked: Sequence[HotPost],
        *,
        before: Mapping[str, StoredPost],
        posts: Mapping[str, Post],
        missing: set[str],
        gone: Sequence[str],
        changes: Mapping[str, PostChange],
        again: timedelta | None,
        now: datetime,
    ) -> None:
        """Remember the looks, and on the evidence of every incident what was found.

        `again` is when to look for the missing ones once more, where that is not soon.
        """
        async with self._database.write() as connection:
            inside = set(
                await repository.open_evidence(connection, among=[item.post_id for item in looked])
            )
            for item in looked:
                after = _after(
                    item,
                    before=before.get(item.post_id),
                    post=posts.get(item.post_id),
                    missing=item.post_id in missing,
                    is_gone=item.post_id in gone,
                    edited=changes.get(item.post_id) is PostChange.EDITED,
                    in_incident=item.post_id in inside,
                    again=again,
                    now=now,
                )
                missed = item.post_id in missing
                await hot_posts.keep(connection, item.post_id, after, missed=missed, now=now)
            await repository.note_deletion(connection, gone, gone=True, at=now)
            await repository.note_deletion(connection, list(posts), gone=False, at=now)


def _after(
    item: HotPost,
    *,
    before: StoredPost | None,
    post: Post | None,
    missing: bool,
    is_gone: bool,
    edited: bool,
    in_incident: bool,
    again: timedelta | None,
    now: datetime,
) -> NextLook:
    """What follows from one look. What is gone, or not ours to read, is not looked at again."""
    if missing and not is_gone:
        due_at = first_look(item.post_id, now=now) if again is None else now + again
        return NextLook(heat=item.heat, looks=item.looks, due_at=due_at)
    if post is None:
        return NextLook(heat=Heat.COLD, looks=item.looks, due_at=None)
    rose = edited or (before is not None and has_risen(_counters(before), post.engagement))
    return next_look(item.post_id, item.looks, rose=rose, in_incident=in_incident, now=now)


def _was_missed(item: HotPost, *, denied: bool, now: datetime) -> bool:
    """Whether the look before did not find it either; an hour ago, where all others were `denied`
    too."""
    if not item.missed or item.looked_at is None:
        return False
    return not denied or now - item.looked_at >= _SURE_AFTER


def _may_rise(post: StoredPost) -> bool:
    return bool(post.monitors) and acts(_counters(post)) >= LEAST_ACTS


def _counters(post: StoredPost) -> Engagement:
    return Engagement(
        reposts=post.reposts, comments=post.comments, likes=post.likes, views=post.views
    )
