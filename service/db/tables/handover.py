"""What was handed over to trackers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from service.db.columns import Json, instant
from service.db.tables.base import metadata

# One ticket a subject, whoever hands it over at the same time.
tracker_handover = Table(
    "tracker_handover",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_kind", String(16), nullable=False),  # improvement | needs
    Column("subject_id", String(40), nullable=False),
    Column("monitor_id", String(64), nullable=False),
    Column("incident_id", String(40), index=True),
    Column("tracker", String(40), nullable=False),
    Column("fields", Json, nullable=False),  # {"title", "text", …}: what the ticket is made of
    Column("state", String(16), nullable=False),  # sending | open | closed | failed | deleted
    Column("key", String(200)),  # of the ticket
    Column("url", Text),
    Column("wanted", String(16), nullable=False),  # open | doing | done | dropped
    Column("standing", String(16)),  # the same, as last known
    Column("word", String(200)),  # the tracker's own for it
    instant("heard_at"),  # the tracker's time
    Column("trouble", String(32)),
    Column("last_answer", Text),
    instant("answered_at"),
    Column("revision", Integer, nullable=False),
    Column("tried", Boolean, nullable=False),  # whether a ticket may be there that we know not
    Column("item_version", Integer),  # of the improvement, as last looked at
    instant("poll_at", index=True),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    UniqueConstraint("subject_kind", "subject_id"),
    Index("ix_tracker_handover_key", "tracker", "key"),
    Index("ix_tracker_handover_state", "state", "created_at"),
)
