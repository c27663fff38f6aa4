"""What was changed in the lexicon, on top of the tables that ship. Rows are only ever added."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

lexicon_version = Table(
    "lexicon_version",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # added | changed | retired | imported | …
    Column("author", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    instant("at", nullable=False),
    Column("changes", Integer, nullable=False),
    Column("restored", Integer),  # the number that a rollback went back to
)

# The latest row of an entry up to a number is what the entry is in that version.
lexicon_change = Table(
    "lexicon_change",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("number", Integer, ForeignKey("lexicon_version.number"), nullable=False, index=True),
    Column("entry_id", String(64), nullable=False),
    Column("entry_version", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # active | retired | shipped | absent
    Column("cells", Json),  # the row as in a table, by column; null when shipped or absent
    UniqueConstraint("entry_id", "number"),
)
