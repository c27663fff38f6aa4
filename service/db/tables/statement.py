"""Statements with all their wordings, who approved which, where they are out, what they promise."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

statement = Table(
    "statement",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False),
    Column("template", String(129)),  # null: written freely
    Column("kind", String(32), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("edition", Integer, nullable=False),  # the number of the wording that counts
    Column("emotion", String(16)),  # what it answers; null: nothing could read the posts
    Column("intensity", String(16)),
    Column("blocking", Integer, nullable=False),  # findings of that wording
    Column("promises", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("submitted_at"),
    instant("approved_at"),
    instant("published_at"),
    instant("withdrawn_at"),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_statement_incident", "incident_id", "created_at"),
    Index("ix_statement_state", "state", "updated_at"),
)

statement_edition = Table(
    "statement_edition",
    metadata,
    Column("statement_id", String(40), ForeignKey("statement.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("variables", Json, nullable=False),
    Column("facts", Json, nullable=False),  # what the writer answers for: text and source
    Column("findings", Json, nullable=False),
    Column("degraded", Json, nullable=False),
    Column("note", Text),
    Column("by", String(64), nullable=False),
    instant("at", nullable=False),
    Column("version", Integer, nullable=False),  # of the statement, with this wording
)

statement_approval = Table(
    "statement_approval",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("statement_id", String(40), ForeignKey("statement.id"), nullable=False, index=True),
    Column("edition", Integer, nullable=False),
    Column("person", String(64), nullable=False),
    Column("capacity", String(16), nullable=False),  # lead | legal
    Column("note", Text),
    instant("at", nullable=False),
    instant("voided_at"),
    Column("void_reason", Text),
)

statement_place = Table(
    "statement_place",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("statement_id", String(40), ForeignKey("statement.id"), nullable=False, index=True),
    Column("edition", Integer, nullable=False),
    Column("place", String(200), nullable=False),
    Column("url", Text),
    instant("published_at", nullable=False),
    Column("by", String(64), nullable=False),
    instant("noted_at", nullable=False),
)

promise = Table(
    "promise",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("statement_id", String(40), ForeignKey("statement.id"), nullable=False, index=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),  # the sentence that it is made in
    Column("owner", String(64)),
    instant("due_at"),
    Column("state", String(16), nullable=False),  # proposed | open | kept | dropped
    instant("made_at"),
    instant("warned_at"),
    instant("overdue_at"),
    instant("escalated_at"),
    instant("kept_at"),
    Column("kept_by", String(64)),
    Column("evidence", Text),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_promise_state", "state", "due_at"),
)
