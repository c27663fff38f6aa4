"""Numbers by time that complaints are set against: orders, weather, revenue, crashes."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, String, Table

from service.db.columns import Instant, instant
from service.db.tables.base import metadata

series = Table(
    "series",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("unit", String(32), nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
)

series_point = Table(
    "series_point",
    metadata,
    Column("name", String(64), ForeignKey("series.name"), primary_key=True),
    Column("at", Instant(), primary_key=True),
    Column("value", Float(53), nullable=False),
)
