"""Casework on incidents: hand-overs, who watches what, links between them, screenshots."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

incident_handover = Table(
    "incident_handover",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False),
    Column("from_person", String(64)),  # null: it had no owner
    Column("to_person", String(64), nullable=False),
    Column("offered_by", String(64), nullable=False),
    Column("note", Text),
    Column("state", String(16), nullable=False),  # offered | accepted | declined | withdrawn
    instant("offered_at", nullable=False),
    instant("answered_at"),
    Column("answer", Text),
    Index("ix_incident_handover_incident", "incident_id", "id"),
    # At most one offer of an incident waits for its answer, whoever makes it.
    Index(
        "uq_incident_handover_offered",
        "incident_id",
        unique=True,
        sqlite_where=text("state = 'offered'"),
        postgresql_where=text("state = 'offered'"),
    ),
)

incident_watch = Table(
    "incident_watch",
    metadata,
    Column("incident_id", String(40), ForeignKey("incident.id"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("topics", Json, nullable=False),
    Column("seen", AutoId, nullable=False),  # the newest entry of the timeline they know of
    instant("since", nullable=False),
)

incident_link = Table(
    "incident_link",
    metadata,
    Column("from_id", String(40), ForeignKey("incident.id"), primary_key=True),
    Column("to_id", String(40), ForeignKey("incident.id"), primary_key=True, index=True),
    Column("kind", String(16), primary_key=True),
    Column("note", Text),
    Column("by", String(64), nullable=False),
    instant("at", nullable=False),
)

evidence_screenshot = Table(
    "evidence_screenshot",
    metadata,
    Column("incident_id", String(40), primary_key=True),
    Column("post_id", String(40), primary_key=True),
    Column("sha256", String(64), primary_key=True),  # over the bytes
    Column("media_type", String(32), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("content", LargeBinary, nullable=False),
    Column("by", String(64), nullable=False),
    instant("at", nullable=False),
    ForeignKeyConstraint(
        ["incident_id", "post_id"],
        ["incident_post.incident_id", "incident_post.post_id"],
        name="fk_evidence_screenshot_post",
    ),
)
