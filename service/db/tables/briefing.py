"""Briefings as they were prepared, whom they are of, and when the next ones are due."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

briefing = Table(
    "briefing",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),  # daily | weekly | special
    Column("name", Text, nullable=False),  # of what it is about, as it was called then
    Column("brand_id", String(64)),  # null: of monitors by their names
    instant("since", nullable=False),
    instant("until", nullable=False),
    Column("lang", String(8), nullable=False),
    Column("state", String(16), nullable=False),  # draft | approved | delivered | discarded
    Column("schedule_id", String(64)),  # null: somebody asked for it
    instant("due_at"),  # of the schedule
    Column("channels", Json, nullable=False),  # ids; where it goes unless somebody says otherwise
    Column("body", Json, nullable=False),  # figures and references to posts; no text of any post
    Column("prose", Json, nullable=False),  # what people wrote, and the order of the sections
    Column("prepared_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("edited_at"),
    Column("edited_by", String(64)),
    instant("approved_at"),
    Column("approved_by", String(64)),
    instant("delivered_at"),
    Column("delivered_by", String(64)),
    Column("delivered_to", Json, nullable=False),  # ids of channels
    instant("discarded_at"),
    Column("discarded_by", String(64)),
    Column("reason", Text),  # why it was discarded
    Column("version", Integer, nullable=False, default=1),
    Index("ix_briefing_newest", "created_at", "id"),
    # One of each time that a schedule came round, whoever prepares it.
    Index("ux_briefing_due", "schedule_id", "due_at", unique=True),
)

# A reader sees a briefing whose monitors are all theirs.
briefing_monitor = Table(
    "briefing_monitor",
    metadata,
    Column("briefing_id", String(40), ForeignKey("briefing.id"), primary_key=True),
    Column("monitor_id", String(64), primary_key=True),
    Index("ix_briefing_monitor_monitor", "monitor_id"),
)

briefing_schedule = Table(
    "briefing_schedule",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("body", Json, nullable=False),  # all of it but id and name
    instant("counted_from", nullable=False),  # times after it are due
    Column("problem", Text),  # why the one that is due could not be prepared
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
