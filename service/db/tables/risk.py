"""The risk register: entries, all that was ever done to them, links, and rates of exchange."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

risk = Table(
    "risk",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("body", Json, nullable=False),  # all that people write of it
    Column("stage", String(8), nullable=False),  # plan | do | check | act
    Column("cycle", Integer, nullable=False),
    Column("retired", Boolean, nullable=False, default=False),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False),
)

risk_change = Table(
    "risk_change",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("risk_id", String(40), ForeignKey("risk.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the entry, with this change
    Column("kind", String(16), nullable=False),
    instant("at", nullable=False),
    Column("by", String(64), nullable=False),
    Column("note", Text),
    Column("data", Json, nullable=False),
    Column("body", Json, nullable=False),  # the entry after it
    Column("stage", String(8), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
    Index("ux_risk_change_version", "risk_id", "version", unique=True),
    Index("ix_risk_change_at", "at"),
)

risk_link = Table(
    "risk_link",
    metadata,
    Column("risk_id", String(40), ForeignKey("risk.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # incident | improvement
    Column("target_id", String(40), primary_key=True),
    Column("by", String(64), nullable=False),
    instant("at", nullable=False),
    Index("ix_risk_link_target", "kind", "target_id"),
)

exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("reporting", String(3), primary_key=True),  # the currency that it leads to
    Column("currency", String(3), primary_key=True),
    Column("day", String(10), primary_key=True),  # YYYY-MM-DD, from which on it counts
    Column("rate", String(40), nullable=False),  # of one unit, in the reporting currency; decimal
    Column("origin", Text, nullable=False),
    Column("by", String(64), nullable=False),
    instant("at", nullable=False),
    Column("version", Integer, nullable=False),
)
