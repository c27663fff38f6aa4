"""How well the feeds are seen: their condition, their hours, the gaps in them, samples to check."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Instant, Json, instant
from service.db.tables.base import metadata

# A feed is a configured source, or a platform whose posts are pushed to us.
feed = Table(
    "feed",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("pushed", Boolean, nullable=False),
    Column("platforms", Json, nullable=False),  # `source` of its posts, a few
    Column("channels", Json, nullable=False),
    instant("known_since", nullable=False),
    instant("last_post_at"),
    instant("last_pull_at"),
    Column("sight", String(16), nullable=False),
    instant("since", nullable=False),
    Column("cause", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("dark", Boolean, nullable=False, default=False),
    Column("incident_id", String(40)),  # that of its darkness, which other feeds may share
    instant("gone_at"),  # when its source was deleted; kept for the gaps that it had
)

feed_hour = Table(
    "feed_hour",
    metadata,
    Column("feed_id", String(128), primary_key=True),
    Column("hour", Instant(), primary_key=True),
    Column("posts", Integer, nullable=False, default=0),  # new ones, by when they arrived
    Column("rejected", Integer, nullable=False, default=0),
    Column("due", Integer, nullable=False, default=0),
    Column("collected", Integer, nullable=False, default=0),
    Column("outcomes", Json, nullable=False),
    Column("lags", Json, nullable=False),  # {stage: {bucket: count}}
    Index("ix_feed_hour_hour", "hour"),
)

# One row a spell in which a feed could not be seen; `until` is null while it lasts.
feed_gap = Table(
    "feed_gap",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("feed_id", String(128), nullable=False, index=True),
    Column("sight", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    instant("since", nullable=False),
    instant("until", index=True),
)

# Digests of the fields of a post as it was fetched, never the words: to compare with the store.
post_sample = Table(
    "post_sample",
    metadata,
    Column("post_id", String(40), primary_key=True),
    Column("feed_id", String(128), nullable=False),
    instant("at", nullable=False, index=True),
    Column("digests", Json, nullable=False),
    instant("checked_at"),
    Column("wrong", Json),  # names of fields that differ; [] when all are right
)
