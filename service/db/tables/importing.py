"""Files that people import: how far each has come, and the posts that still wait for their turn."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

import_run = Table(
    "import_run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("file", String(200), nullable=False),
    Column("state", String(16), nullable=False, index=True),  # running | done | failed
    Column("posts", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("changes", Json, nullable=False),  # {"new": 12, "edited": 1, …}
    Column("problems", Json, nullable=False),  # the first [place, reason]
    Column("reason", Text),  # why it failed
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("finished_at"),
)

# Who wrote what is in here, so it is encrypted, and deleted as soon as it is stored.
import_piece = Table(
    "import_piece",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("import_id", String(40), ForeignKey("import_run.id"), nullable=False, index=True),
    Column("posts", Integer, nullable=False),
    Column("content", Text, nullable=False),
)
