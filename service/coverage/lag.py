"""How long posts take: published → fetched → analysed → stored → alerted → delivered.

Each stage is timed from the one before it, in seconds. The first three are counted as they happen,
by hour and feed; the last two are read from the incidents and deliveries of the time asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import repository
from service.coverage.feed import Passage, feed_of
from service.coverage.percentiles import Percentiles, added, counted, percentiles
from service.db import Database, tables
from service.events import EventType
from service.stores import PostStore, StoredPost

EVERY_FEED = "*"
MOST_INCIDENTS = 500


class Stage(StrEnum):
    """In the order of the line. A post is read before it is stored: the store keeps both as one."""

    FETCHED = "fetched"
    ANALYSED = "analysed"
    STORED = "stored"
    CLEANED = "cleaned"
    """From the fetch to the store: analysed and stored together, as the objective counts it."""
    ALERTED = "alerted"
    """From the storing of the last post that made an incident to its opening."""
    DELIVERED = "delivered"
    """From the opening to the provider's word that it has the page."""


Sketch = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LagReport:
    """Percentiles by feed and stage; the feed EVERY_FEED is all of them together."""

    by_feed: Mapping[str, Mapping[Stage, Percentiles]]

    @property
    def overall(self) -> Mapping[Stage, Percentiles]:
        return self.by_feed[EVERY_FEED]


def seconds_of(passages: Sequence[Passage]) -> dict[Stage, list[float]]:
    """What each stage took for each post."""
    lags: dict[Stage, list[float]] = {
        stage: [] for stage in (Stage.FETCHED, Stage.ANALYSED, Stage.STORED, Stage.CLEANED)
    }
    for item in passages:
        lags[Stage.FETCHED].append(_seconds(item.post.published_at, item.fetched_at))
        lags[Stage.ANALYSED].append(_seconds(item.fetched_at, item.analysed_at))
        lags[Stage.STORED].append(_seconds(item.analysed_at, item.stored_at))
        lags[Stage.CLEANED].append(_seconds(item.fetched_at, item.stored_at))
    return lags


async def measure(database: Database, store: PostStore, *, since: datetime) -> LagReport:
    """Percentiles over everything that happened since, drills apart."""
    sketches: dict[str, dict[Stage, Sketch]] = defaultdict(dict)

    def add(feed_id: str, stage: Stage, sketch: Sketch) -> None:
        for name in dict.fromkeys((feed_id, EVERY_FEED)):
            sketches[name][stage] = added(sketches[name].get(stage, {}), sketch)

    async with database.read() as connection:
        for hour in await repository.hours_since(connection, _hour(since)):
            for stage, sketch in hour.lags.items():
                add(hour.feed_id, Stage(stage), sketch)
        opened = await _opened(connection, since)
        delivered = await _delivered(connection, since)
    posts = await store.get_many(sorted({post for _, ids in opened.values() for post in ids}))
    for incident_id, (opened_at, ids) in opened.items():
        last = _last_stored([posts[post_id] for post_id in ids if post_id in posts])
        feed_id = EVERY_FEED if last is None else feed_of(last.via, last.source)
        if last is not None:
            add(feed_id, Stage.ALERTED, counted([_seconds(last.stored_at, opened_at)]))
        for seconds in delivered.get(incident_id, ()):
            add(feed_id, Stage.DELIVERED, counted([seconds]))
    sketches.setdefault(EVERY_FEED, {})
    return LagReport(
        {
            feed_id: {stage: percentiles(stages.get(stage, {})) for stage in Stage}
            for feed_id, stages in sorted(sketches.items())
        }
    )


async def _opened(
    connection: AsyncConnection, since: datetime
) -> dict[str, tuple[datetime, list[str]]]:
    """Real crises: when they opened, and the posts that were frozen then."""
    incident, frozen = tables.incident, tables.incident_post
    rows = await connection.execute(
        select(incident.c.id, incident.c.opened_at, frozen.c.post_id)
        .join(frozen, frozen.c.incident_id == incident.c.id)
        .where(
            incident.c.opened_at >= since,
            incident.c.drill.is_(False),
            incident.c.kind == "crisis",
            frozen.c.at == incident.c.opened_at,
        )
        .order_by(incident.c.opened_at.desc(), frozen.c.post_id)
        .limit(MOST_INCIDENTS * 10)
    )
    found: dict[str, tuple[datetime, list[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.opened_at, []))[1].append(row.post_id)
    return found


async def _delivered(connection: AsyncConnection, since: datetime) -> dict[str, list[float]]:
    outbox, delivery = tables.outbox, tables.delivery
    rows = await connection.execute(
        select(outbox.c.incident_id, outbox.c.occurred_at, delivery.c.sent_at)
        .join(delivery, delivery.c.outbox_id == outbox.c.id)
        .where(
            outbox.c.type == EventType.INCIDENT_OPENED.value,
            outbox.c.occurred_at >= since,
            outbox.c.drill == 0,
            delivery.c.sent_at.is_not(None),
        )
        .limit(MOST_INCIDENTS * 10)
    )
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        found[row.incident_id].append(_seconds(row.occurred_at, row.sent_at))
    return found


def _last_stored(posts: Sequence[StoredPost]) -> StoredPost | None:
    return max(posts, key=lambda post: (post.stored_at, post.id), default=None)


def _seconds(before: datetime, after: datetime) -> float:
    return max(0.0, (after - before).total_seconds())


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
