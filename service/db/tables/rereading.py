"""What is read besides what is new: hot posts again, and the past of a source."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

hot_post = Table(
    "hot_post",
    metadata,
    Column("post_id", String(40), primary_key=True),
    Column("source_id", String(64), nullable=False),  # the configured source that brought it
    Column("native_id", Text, nullable=False),
    Column("heat", String(16), nullable=False),  # incident | rising | cold
    Column("step", Integer, nullable=False, default=0),
    Column("still", Integer, nullable=False, default=0),
    Column("missed", Boolean, nullable=False, default=False),  # the last look did not find it
    instant("hot_since", nullable=False),
    instant("looked_at"),
    instant("due_at"),  # null = cold, kept so that it is not found hot again at once
    Index("ix_hot_post_due", "source_id", "due_at"),
)

source_backfill = Table(
    "source_backfill",
    metadata,
    Column("source_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),  # running | done | stopped | failed
    instant("since", nullable=False),
    instant("until", nullable=False),
    Column("cursor", Json),
    Column("pages", Integer, nullable=False, default=0),
    Column("posts", Integer, nullable=False, default=0),  # inside the range
    Column("stored", Integer, nullable=False, default=0),  # of them new to the store
    instant("reached"),  # of the posts seen the last one on the way through the range
    Column("share", Float, nullable=False, default=0.0),  # of the range, 0 to 1
    Column("reason", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("requested_by", String(64), nullable=False),
    instant("requested_at", nullable=False),
    instant("updated_at", nullable=False),
    instant("due_at"),
)
