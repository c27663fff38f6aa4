"""What people keep for themselves in the console."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint

from service.db.columns import instant
from service.db.tables.base import metadata

console_view = Table(
    "console_view",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("user_id", String(40), ForeignKey("user_account.id"), nullable=False),
    Column("place", String(32), nullable=False),  # the page: queue, ...
    Column("name", String(60), nullable=False),
    Column("query", Text, nullable=False),  # of the address, without its question mark
    instant("created_at", nullable=False),
    UniqueConstraint("user_id", "place", "name"),
)
