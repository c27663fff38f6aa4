"""Rules of the installation, what rules in shadow mode saw, and back-tests."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

rule_overlay = Table(
    "rule_overlay",
    metadata,
    Column("id", String(64), primary_key=True),  # of the rule
    Column("data", Json, nullable=False),  # as it was written: the keys that it changes
    Column("author", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

# One row for each stretch of time in which a rule in shadow mode would have held an incident open.
shadow_match = Table(
    "shadow_match",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("rule_id", String(64), nullable=False),
    Column("monitor_id", String(64), nullable=False),
    Column("scenario", String(64), nullable=False),
    instant("at", nullable=False),
    instant("last_at", nullable=False),
    Column("ticks", Integer, nullable=False),
    Column("tier", String(64), nullable=False),
    Column("reasons", Json, nullable=False),  # [{"clause", "value", "threshold"}] at `at`
    Column("content", String(16), nullable=False),  # version of the rules
    Index("ix_shadow_match_rule", "rule_id", "at"),
    Index("ix_shadow_match_segment", "rule_id", "monitor_id", "scenario", "last_at"),
)

backtest = Table(
    "backtest",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(16), nullable=False, index=True),
    Column("asked", Json, nullable=False),
    Column("stage", String(32), nullable=False),
    Column("done", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("result", Json),
    Column("reason", Text),  # why it failed
    Column("worker", String(200)),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("beat_at"),  # the last sign of life of who runs it
    instant("finished_at"),
)
