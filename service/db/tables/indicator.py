"""Thresholds of indicators, the levels that they are at, and every crossing."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from service.db.columns import AutoId, instant
from service.db.tables.base import metadata

# Only what somebody has changed: the defaults are in the code.
indicator_threshold = Table(
    "indicator_threshold",
    metadata,
    Column("monitor_id", String(64), primary_key=True),
    Column("indicator", String(32), primary_key=True),
    Column("measured", String(16), nullable=False),  # value | change
    Column("yellow", Float(53)),
    Column("orange", Float(53)),
    Column("red", Float(53)),
    Column("least", Integer, nullable=False),
    Column("margin", Float(53), nullable=False),
    Column("alert", Boolean, nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False),
)

indicator_level = Table(
    "indicator_level",
    metadata,
    Column("monitor_id", String(64), primary_key=True),
    Column("indicator", String(32), primary_key=True),
    Column("level", String(16), nullable=False),
    instant("since", nullable=False),
    instant("looked_at", nullable=False),
    Column("value", Float(53)),  # what was compared at the last look; null: nothing to compare
    Column("n", Integer, nullable=False),
)

indicator_crossing = Table(
    "indicator_crossing",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("monitor_id", String(64), nullable=False),
    Column("indicator", String(32), nullable=False),
    instant("at", nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("measured", String(16), nullable=False),
    Column("value", Float(53)),
    Column("n", Integer, nullable=False),
    instant("window_since", nullable=False),
    instant("window_until", nullable=False),
    Column("paged", Boolean, nullable=False),
    Index("ix_indicator_crossing_monitor", "monitor_id", "id"),
)
