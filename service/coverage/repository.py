"""Every query on feeds, their hours and gaps. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage.condition import Cause, Condition, Sight
from service.coverage.feed import MOST_NAMED, Feed, Gap
from service.coverage.percentiles import added
from service.db import tables
from service.db.statement import insert
from service.db.storable import storable

_FEED = tables.feed
_HOUR = tables.feed_hour
_GAP = tables.feed_gap


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHour:
    """What one hour of one feed came to, or what is to be added to it."""

    feed_id: str
    hour: datetime
    posts: int = 0
    rejected: int = 0
    due: int = 0
    collected: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    lags: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


async def feeds(connection: AsyncConnection, *, gone_too: bool = False) -> tuple[Feed, ...]:
    """Every feed by id; those that are gone if asked for."""
    query = select(_FEED).order_by(_FEED.c.id)
    rows = await connection.execute(query if gone_too else query.where(_FEED.c.gone_at.is_(None)))
    return tuple(_feed(row) for row in rows.mappings())


async def feed(connection: AsyncConnection, feed_id: str) -> Feed | None:
    """None for one that is not known, or gone."""
    query = select(_FEED).where(_FEED.c.id == feed_id, _FEED.c.gone_at.is_(None))
    rows = await connection.execute(query)
    row = rows.mappings().first()
    return None if row is None else _feed(row)


async def make_known(
    connection: AsyncConnection, feed_id: str, *, pushed: bool, now: datetime
) -> None:
    """Begin to watch a feed; one that is known stays as it is, and one that is gone begins anew."""
    fresh = {
        "pushed": pushed,
        "platforms": [],
        "channels": [],
        "known_since": now,
        "last_post_at": None,
        "last_pull_at": None,
        "sight": Sight.UNKNOWN.value,
        "since": now,
        "cause": Cause.NEVER_PULLED.value if not pushed else Cause.NOTHING_ARRIVED.value,
        "detail": "",
        "dark": False,
        "incident_id": None,
        "gone_at": None,
    }
    await connection.execute(
        insert(connection, _FEED)
        .values(id=feed_id, **fresh)
        .on_conflict_do_update(
            index_elements=["id"], set_=fresh, where=_FEED.c.gone_at.is_not(None)
        )
    )


async def note_posts(
    connection: AsyncConnection,
    known: Feed,
    *,
    platforms: Sequence[str],
    channels: Sequence[str],
    at: datetime,
) -> None:
    """Remember that posts came, of which platforms and for which channels."""
    await connection.execute(
        update(_FEED)
        .where(_FEED.c.id == known.id)
        .values(
            last_post_at=at,
            platforms=list(dict.fromkeys((*known.platforms, *platforms)))[:MOST_NAMED],
            channels=list(dict.fromkeys((*known.channels, *channels)))[:MOST_NAMED],
        )
    )


async def note_pull(connection: AsyncConnection, feed_id: str, *, at: datetime) -> None:
    await connection.execute(update(_FEED).where(_FEED.c.id == feed_id).values(last_pull_at=at))


async def save_condition(connection: AsyncConnection, feed_id: str, condition: Condition) -> None:
    await connection.execute(
        update(_FEED)
        .where(_FEED.c.id == feed_id)
        .values(
            sight=condition.sight.value,
            since=condition.since,
            cause=condition.cause.value,
            detail=storable(condition.detail),
            dark=condition.dark,
        )
    )


async def note_incident(connection: AsyncConnection, feed_id: str, incident_id: str | None) -> None:
    """Remember which incident tells of a feed's darkness; None when it is over."""
    await connection.execute(
        update(_FEED).where(_FEED.c.id == feed_id).values(incident_id=incident_id)
    )


async def sharing(connection: AsyncConnection, incident_id: str) -> tuple[Feed, ...]:
    """The feeds that are dark and that the incident tells of, by id."""
    rows = await connection.execute(
        select(_FEED).where(_FEED.c.incident_id == incident_id, _FEED.c.dark).order_by(_FEED.c.id)
    )
    return tuple(_feed(row) for row in rows.mappings())


async def forget_feed(connection: AsyncConnection, feed_id: str, *, now: datetime) -> None:
    """Stop watching a feed that is gone; what was not seen of it stays, and whose it was."""
    await close_gap(connection, feed_id, until=now)
    await connection.execute(
        update(_FEED).where(_FEED.c.id == feed_id).values(gone_at=now, dark=False, incident_id=None)
    )


async def add_hour(connection: AsyncConnection, more: FeedHour) -> None:
    """Add to an hour of a feed."""
    key = (_HOUR.c.feed_id == more.feed_id, _HOUR.c.hour == more.hour)
    await connection.execute(
        insert(connection, _HOUR)
        .values(
            feed_id=more.feed_id,
            hour=more.hour,
            outcomes={},
            lags={},
            posts=0,
            rejected=0,
            due=0,
            collected=0,
        )
        .on_conflict_do_nothing(index_elements=["feed_id", "hour"])
    )
    row = (await connection.execute(select(_HOUR).where(*key).with_for_update())).one()
    stages = {*row.lags, *more.lags}
    await connection.execute(
        update(_HOUR)
        .where(*key)
        .values(
            posts=row.posts + more.posts,
            rejected=row.rejected + more.rejected,
            due=row.due + more.due,
            collected=row.collected + more.collected,
            outcomes=added(row.outcomes, more.outcomes),
            lags={
                stage: added(row.lags.get(stage, {}), more.lags.get(stage, {}))
                for stage in sorted(stages)
            },
        )
    )


async def hours_since(
    connection: AsyncConnection, since: datetime, *, feed_id: str | None = None
) -> tuple[FeedHour, ...]:
    """Hours that begin at `since` or later, the oldest first."""
    statement = select(_HOUR).where(_HOUR.c.hour >= since)
    if feed_id is not None:
        statement = statement.where(_HOUR.c.feed_id == feed_id)
    rows = await connection.execute(statement.order_by(_HOUR.c.hour, _HOUR.c.feed_id))
    return tuple(FeedHour(**row) for row in rows.mappings())


async def post_counts(
    connection: AsyncConnection, since: datetime
) -> tuple[tuple[str, datetime, int], ...]:
    """(feed, hour, posts) of hours that begin at `since` or later."""
    rows = await connection.execute(
        select(_HOUR.c.feed_id, _HOUR.c.hour, _HOUR.c.posts).where(_HOUR.c.hour >= since)
    )
    return tuple((row.feed_id, row.hour, row.posts) for row in rows)


async def open_gap(connection: AsyncConnection, gap: Gap) -> None:
    """Begin a gap, or say anew what kind of gap it is that lasts."""
    values = {"sight": gap.sight.value, "detail": storable(gap.detail)}
    changed = await connection.execute(
        update(_GAP).where(_GAP.c.feed_id == gap.feed_id, _GAP.c.until.is_(None)).values(values)
    )
    if not changed.rowcount:
        await connection.execute(
            insert(connection, _GAP).values(
                feed_id=gap.feed_id, since=gap.since, until=None, **values
            )
        )


async def add_gap(connection: AsyncConnection, gap: Gap) -> None:
    """Write down a gap that is over; one that lasts already tells of it."""
    lasting = select(_GAP.c.id).where(_GAP.c.feed_id == gap.feed_id, _GAP.c.until.is_(None))
    if (await connection.execute(lasting)).first() is None:
        await connection.execute(
            insert(connection, _GAP).values(
                feed_id=gap.feed_id,
                sight=gap.sight.value,
                detail=storable(gap.detail),
                since=gap.since,
                until=gap.until,
            )
        )


async def close_gap(connection: AsyncConnection, feed_id: str, *, until: datetime) -> None:
    await connection.execute(
        update(_GAP).where(_GAP.c.feed_id == feed_id, _GAP.c.until.is_(None)).values(until=until)
    )


async def gaps_between(
    connection: AsyncConnection, since: datetime, until: datetime
) -> tuple[Gap, ...]:
    """Gaps that overlap [since, until), by feed and beginning."""
    rows = await connection.execute(
        select(_GAP)
        .where(_GAP.c.since < until, or_(_GAP.c.until.is_(None), _GAP.c.until > since))
        .order_by(_GAP.c.feed_id, _GAP.c.since, _GAP.c.id)
    )
    return tuple(
        Gap(
            feed_id=row["feed_id"],
            sight=Sight(row["sight"]),
            detail=row["detail"],
            since=row["since"],
            until=row["until"],
        )
        for row in rows.mappings()
    )


async def dark_feeds(connection: AsyncConnection) -> tuple[Feed, ...]:
    """Feeds that cannot be seen now and of which people were told, by id."""
    rows = await connection.execute(select(_FEED).where(_FEED.c.dark).order_by(_FEED.c.id))
    return tuple(_feed(row) for row in rows.mappings())


async def prune(connection: AsyncConnection, *, before: datetime) -> None:
    """Forget hours, closed gaps and feeds that are gone from before."""
    await connection.execute(delete(_HOUR).where(_HOUR.c.hour < before))
    await connection.execute(delete(_GAP).where(_GAP.c.until < before))
    await connection.execute(delete(_FEED).where(_FEED.c.gone_at < before))


def _feed(row: RowMapping) -> Feed:
    values: dict[str, Any] = dict(row)
    condition = Condition(
        sight=Sight(values.pop("sight")),
        since=values.pop("since"),
        cause=Cause(values.pop("cause")),
        detail=values.pop("detail"),
        dark=values.pop("dark"),
    )
    values["platforms"] = tuple(values["platforms"])
    values["channels"] = tuple(values["channels"])
    return Feed(**values, condition=condition)
