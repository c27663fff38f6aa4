"""The review queue: items that wait for a person, what people decided, and all that happened."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

review_item = Table(
    "review_item",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("origin", String(16), nullable=False),
    Column("line", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("caller", String(64), nullable=False),
    Column("caller_item", Text),
    Column("text", Text, nullable=False),
    Column("parent", Text),  # the text that it answers or reposts
    Column("session", Json),  # what its author wrote just before, oldest first
    Column("policy", String(200), nullable=False),
    Column("suggestion", String(16), nullable=False),
    Column("held", Boolean, nullable=False),
    Column("hold_id", String(64), index=True),
    Column("risk_level", String(16), nullable=False),
    Column("risk_order", Integer, nullable=False),  # 0 is high, so that every sort ascends
    Column("labels", Json, nullable=False),
    Column("author", String(64)),
    Column("versions", Json, nullable=False),
    instant("judged_at", nullable=False),
    instant("filed_at", nullable=False),
    instant("entered_at", nullable=False),  # its line
    instant("due_at", nullable=False),
    instant("warned_at"),
    instant("overdue_at"),
    Column("urgency", Integer, nullable=False, default=1),  # 0 is overdue
    Column("holder", String(64)),
    instant("lease_until"),
    Column("ruling", String(16)),
    instant("appealed_at"),
    Column("appeal_words", Text),
    Column("appealed_by", String(64)),
    Column("twin_of", String(40), index=True),  # a second opinion on that item
    Column("barred", String(64)),  # who gave the first opinion
    Column("sealed", Boolean, nullable=False, default=False),  # a second opinion is out
    instant("decided_at"),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_review_item_due", "state", "line", "urgency", "due_at", "id"),
    Index("ix_review_item_risk", "state", "line", "urgency", "risk_order", "due_at", "id"),
)

# A copy of the machine's labels for queries.
review_label = Table(
    "review_label",
    metadata,
    Column("item_id", String(40), ForeignKey("review_item.id"), primary_key=True),
    Column("label", String(64), primary_key=True, index=True),
)

# The key lets an item be decided once a line, whoever tries.
review_verdict = Table(
    "review_verdict",
    metadata,
    Column("item_id", String(40), ForeignKey("review_item.id"), primary_key=True),
    Column("line", String(16), primary_key=True),
    Column("ruling", String(16), nullable=False),
    Column("labels", Json, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("note", Text),
    Column("rubric_version", String(64), nullable=False),
    Column("reviewer", String(64), nullable=False),
    instant("at", nullable=False, index=True),
)

review_event = Table(
    "review_event",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("item_id", String(40), ForeignKey("review_item.id"), nullable=False, index=True),
    instant("at", nullable=False),
    Column("kind", String(48), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("data", Json, nullable=False),
)
