"""What people corrected, how candidates did on it, and what was switched to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

# Appended and never changed: of one post and head the newest counts.
correction = Table(
    "correction",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("post_id", String(40), nullable=False),
    Column("head", String(16), nullable=False),
    Column("label", String(64), nullable=False),
    Column("wording", String(64), nullable=False),  # content hash of what was corrected
    Column("machine", String(64)),  # what was said before; null where nothing was
    Column("versions", Json, nullable=False),  # of what said it
    Column("note", Text),
    Column("author", String(64), nullable=False),
    instant("at", nullable=False, index=True),
    Index("ix_correction_post", "post_id", "head", "id"),
)

model_evaluation = Table(
    "model_evaluation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("place", Text, nullable=False),  # the folder or file it was read from
    Column("content", Text),  # of a file, as it was; null for a folder
    Column("set_sha256", String(64), nullable=False),
    Column("set_rows", Integer, nullable=False),
    instant("set_until"),  # of its newest row; null for an empty set
    Column("result", Json, nullable=False),
    Column("author", String(64), nullable=False),
    instant("at", nullable=False, index=True),
)

# What serves is the `after` of the newest row of its kind.
model_switch = Table(
    "model_switch",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("undoes", Integer, ForeignKey("model_switch.number")),
    Column("evaluation_id", String(40), ForeignKey("model_evaluation.id")),
    Column("forced", Boolean, nullable=False, default=False),
    Column("reason", Text, nullable=False),
    Column("author", String(64), nullable=False),
    instant("at", nullable=False),
)
