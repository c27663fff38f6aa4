"""What is watched and how: brands, monitors, sources, channels."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

brand = Table(
    "brand",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(16), nullable=False),  # own | competitor
    Column("aliases", Json, nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

monitor = Table(
    "monitor",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("query", Text, nullable=False),
    Column("brand_id", String(64), ForeignKey("brand.id")),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("backfill", Json),  # {"after_id", "done", "of", "state": "running|done"}
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

# Watermarks of the monitoring tick: what has been looked at, and the quiet-time bookkeeping.
monitor_tick = Table(
    "monitor_tick",
    metadata,
    Column("monitor_id", String(64), primary_key=True),
    instant("ticked_at", nullable=False),
    instant("seen_until", nullable=False),
    instant("history_since"),
)

source = Table(
    "source",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("settings", Json, nullable=False),
    Column("secrets", Text),  # encrypted JSON, never shown
    Column("interval_s", Integer, nullable=False, default=300),
    Column("enabled", Boolean, nullable=False, default=True),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("source_id", String(64), primary_key=True),
    Column("cursor", Json),
    instant("next_due_at", index=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_outcome", String(32)),
    Column("last_reason", Text),
    instant("last_outcome_at"),
    instant("last_ok_at"),
    Column("activity_per_h", Float),
)

channel = Table(
    "channel",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),  # webhook | recording | later: dingtalk, feishu, …
    Column("name", String(200), nullable=False),
    Column("url", Text),  # encrypted: a webhook's address is a secret
    Column("secret", Text),  # encrypted signing secrets, newest first, separated by spaces
    Column("settings", Json, nullable=False),
    Column("events", Json, nullable=False),  # event types, [] = all but the heartbeat
    Column("minimum_tier", String(32)),
    Column("drill", Boolean, nullable=False, default=False),
    Column("enabled", Boolean, nullable=False, default=True),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
