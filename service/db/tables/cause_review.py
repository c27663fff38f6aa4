"""5-Why reviews of closed incidents, improvements, and the points of departments."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

department = Table(
    "department",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("lead", String(64)),  # a user
    Column("disabled", Boolean, nullable=False, default=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

cause_review = Table(
    "cause_review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, unique=True),
    Column("monitor_id", String(64), nullable=False),
    Column("scenario", String(64)),
    Column("state", String(16), nullable=False),  # open | closed
    Column("owner", String(64)),  # a user
    instant("due_at", nullable=False),
    Column("whys", Json, nullable=False),  # [{"question", "answer", "evidence": [{"kind", "ref"}]}]
    Column("stopped_early", Text),  # why fewer than five
    Column("root_cause", Text),
    Column("cause_class", String(64)),
    instant("opened_at", nullable=False),
    instant("closed_at"),
    Column("closed_by", String(64)),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_cause_review_state", "state", "due_at"),
)

# Departments have no foreign key: what a deleted one did stays.
review_department = Table(
    "review_department",
    metadata,
    Column("review_id", String(40), ForeignKey("cause_review.id"), primary_key=True),
    Column("department_id", String(64), primary_key=True, index=True),
    instant("added_at", nullable=False),
    Column("added_by", String(64), nullable=False),
    instant("filed_at"),  # of its first proposal
    Column("excused", Text),  # why it proposes nothing
    Column("excused_by", String(64)),
    instant("excused_at"),
)

improvement = Table(
    "improvement",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("review_id", String(40), ForeignKey("cause_review.id"), nullable=False, index=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    Column("monitor_id", String(64), nullable=False),
    Column("department_id", String(64), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # user | strategy | cost
    Column("owner", String(64)),  # a user
    instant("due_at", nullable=False),
    Column("impact", Integer, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("effort", Integer, nullable=False),
    Column("rank", Float, nullable=False),  # of the three, for sorting
    Column("state", String(16), nullable=False),  # proposed|accepted|doing|done|verified|dropped
    Column("reason", Text),  # of the last move
    Column("proposed_by", String(64), nullable=False),
    instant("proposed_at", nullable=False),
    instant("timed_from", nullable=False),  # when its date was set: what its warning counts from
    instant("done_at"),
    Column("done_by", String(64)),
    instant("verified_at"),
    Column("verified_by", String(64)),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_improvement_state", "state", "due_at"),
)

# Rows are added and never changed.
department_point = Table(
    "department_point",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),  # what is counted once
    Column("department_id", String(64), nullable=False),
    instant("at", nullable=False),
    Column("reason", String(32), nullable=False),
    Column("points", Integer, nullable=False),
    Column("by", String(64), nullable=False),
    Column("note", Text),
    Column("incident_id", String(40)),
    Column("review_id", String(40)),
    Column("improvement_id", String(40)),
    Column("redeems", AutoId),  # the row that it makes good
    Index("ix_department_point_department", "department_id", "id"),
)
