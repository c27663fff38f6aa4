"""Recurring duties, and each time that one was due."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

recurring_duty = Table(
    "recurring_duty",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("body", Json, nullable=False),  # all of it but id and name
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

recurring_round = Table(
    "recurring_round",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("duty_id", String(64), ForeignKey("recurring_duty.id"), nullable=False),
    instant("due_at", nullable=False),
    Column("state", String(16), nullable=False),  # open | done | missed | skipped
    instant("created_at", nullable=False),
    instant("done_at"),
    Column("done_by", String(64)),
    Column("note", Text),
    Column("evidence", Text),  # a link
    Index("ix_recurring_round_duty", "duty_id", "due_at"),
)
