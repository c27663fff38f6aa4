"""What the machine remembers of its own decisions: holds, and counters of authors."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from service.db.columns import Json, instant
from service.db.tables.base import metadata

# The text itself is not here: the review item has it.
hold = Table(
    "hold",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),  # post | advertisement
    Column("blocking", Boolean, nullable=False),  # false: an advertisement waiting for legal
    Column("state", String(16), nullable=False),  # pending | lifted | confirmed
    Column("labels", Json, nullable=False),  # [[label, score, source, held]]
    Column("risk_level", String(8), nullable=False),
    Column("exact", String(32), nullable=False),
    Column("simhash", String(16), nullable=False),  # 64 bits as hex: no engine has them unsigned
    Column("bands", Json, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("caller", String(64), nullable=False),
    Column("copies", Integer, nullable=False, default=0),
    Column("filed", Boolean, nullable=False, default=False),  # people have it in their queue
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("decided_by", String(64)),
    instant("decided_at"),
    Index("ix_hold_updated_at", "updated_at"),
)

# One row an author and indicator; `mass` is counted from a fixed instant on, so that adding to it
# needs no reading: service.moderation.accounts.
account_signal = Table(
    "account_signal",
    metadata,
    Column("author", String(40), primary_key=True),  # keyed HMAC, as in author_handle
    Column("indicator", String(32), primary_key=True),
    Column("mass", Float, nullable=False),
    instant("updated_at", nullable=False),
)
