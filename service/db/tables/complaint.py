"""Complaints: the ticket of a person and a cause, its clocks, what was answered, how it was rated.

An author is only ever the keyed pseudonym of the post store.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

complaint_rule = Table(
    "complaint_rule",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("body", Json, nullable=False),  # all of it but id and name
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

complaint = Table(
    "complaint",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject", String(40), nullable=False),  # the person, the brand and the cause, hashed
    Column("ordinal", Integer, nullable=False),  # of the subject, from 1
    Column("monitor_id", String(64), nullable=False),
    Column("scenario", String(64)),
    Column("cause", String(64), nullable=False),
    Column("origin", String(16), nullable=False),  # rule | hand
    Column("rule_id", String(64)),
    Column("drill", Boolean, nullable=False, default=False),
    Column("author", String(64), index=True),
    Column("post_id", String(64)),
    Column("source", String(200), nullable=False),
    Column("url", Text),
    Column("text", Text),  # masked
    Column("lang", String(16)),
    Column("emotion", String(16)),
    Column("intensity", String(16)),
    instant("posted_at", nullable=False),
    instant("last_post_at", nullable=False),
    Column("posts", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("assignee", String(64)),
    Column("incident_id", String(40), index=True),
    Column("previous_id", String(40)),
    Column("round", Integer, nullable=False),  # of its clocks
    Column("reopened", Integer, nullable=False),
    Column("disputed", Integer, nullable=False),
    Column("breaches", Integer, nullable=False),
    Column("resting", Integer, nullable=False),  # 1: no clock runs
    instant("due_at", nullable=False),  # of the running clock; resting: when that came to be
    Column("csat", Integer),
    Column("nps", Integer),
    instant("opened_at", nullable=False),
    Column("opened_by", String(64), nullable=False),
    instant("answered_at"),
    instant("responded_at"),
    instant("resolved_at"),
    instant("told_at"),
    instant("rated_at"),
    instant("ended_at"),
    instant("erased_at"),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_complaint_subject", "subject", "ordinal", unique=True),
    Index("ix_complaint_due", "resting", "due_at", "id"),
    Index("ix_complaint_opened", "opened_at"),
)

# The posts of a ticket: the one that opened it, more by the same person, copies by others.
complaint_post = Table(
    "complaint_post",
    metadata,
    Column("complaint_id", String(40), ForeignKey("complaint.id"), primary_key=True),
    Column("post_id", String(64), primary_key=True, index=True),
    Column("kind", String(16), nullable=False),  # first | further | copy
    Column("author", String(64), index=True),
    Column("copy_group", String(64), nullable=False, index=True),
    instant("posted_at", nullable=False),
    instant("at", nullable=False),
)

# A clock of a round: reopening and disputing begin another one, and leave what was measured.
complaint_clock = Table(
    "complaint_clock",
    metadata,
    Column("complaint_id", String(40), ForeignKey("complaint.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("clock", String(16), primary_key=True),  # answer | response | resolution
    instant("started_at", nullable=False),
    instant("due_at", nullable=False),
    instant("warned_at"),
    instant("breached_at"),
    instant("escalated_at"),
    instant("met_at"),
    instant("dropped_at"),  # nothing was to be answered any more
)

# What people published or said, where, and when: the record counts, not the claim.
complaint_answer = Table(
    "complaint_answer",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("complaint_id", String(40), ForeignKey("complaint.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # answer | response | resolution | told
    Column("channel", String(64), nullable=False),
    Column("url", Text),
    Column("text", Text),
    instant("published_at", nullable=False),
    instant("at", nullable=False),
    Column("by", String(64), nullable=False),
)

complaint_rating = Table(
    "complaint_rating",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("complaint_id", String(40), ForeignKey("complaint.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("csat", Integer),  # 1 to 5
    Column("nps", Integer),  # 0 to 10
    Column("words", Text),
    Column("said_by", String(64)),
    instant("said_at", nullable=False),
    instant("at", nullable=False),
    Column("by", String(64), nullable=False),
)

complaint_event = Table(
    "complaint_event",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("complaint_id", String(40), ForeignKey("complaint.id"), nullable=False, index=True),
    instant("at", nullable=False),
    Column("kind", String(48), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("version", Integer, nullable=False),  # of the ticket after it
    Column("note", Text),
    Column("data", Json, nullable=False),
)
