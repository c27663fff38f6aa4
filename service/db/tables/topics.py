"""Topic models by version: what was asked for, how far it has come, what it found."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

topic_model = Table(
    "topic_model",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("monitor", String(64)),  # whose posts; null: of all
    Column("state", String(16), nullable=False, index=True),  # waiting | … | forgotten
    Column("active", Boolean, nullable=False),
    Column("based_on", Integer),  # the number that an update went on from
    Column("options", Json, nullable=False),
    Column("activate", Boolean, nullable=False),  # as soon as it is ready
    instant("since"),
    instant("until", nullable=False),
    Column("progress", Json, nullable=False),  # {"stage", "done", "of"}
    Column("reason", Text),  # why it failed
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("finished_at"),
    Column("findings", Json),  # {"posts", "coherence", "topics": […], "drift": {…}, …}
    Column("alarm", Json),  # the last time that too many posts fitted no topic
)

# Apart, since a list of versions needs none of it: base64 of nlp.topics' own format.
topic_weights = Table(
    "topic_weights",
    metadata,
    Column("number", Integer, ForeignKey("topic_model.number"), primary_key=True),
    Column("content", Text, nullable=False),
)
