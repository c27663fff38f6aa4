"""The audit chain, author handles, leases, runtime settings, and the events that replicas poll."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    instant("at", nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject_type", String(32), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("data", Json, nullable=False),
    Column("sequence", Integer, unique=True),  # null = not sealed yet
    Column("previous_hash", String(64)),
    Column("hash", String(64)),
)

author_handle = Table(
    "author_handle",
    metadata,
    Column("author", String(40), primary_key=True),  # keyed HMAC of source and author id
    Column("source", String(120), nullable=False),
    Column("handle", Text, nullable=False),  # encrypted JSON of id and name
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
)

change_event = Table(
    "change_event",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    instant("at", nullable=False),
    Column("kind", String(48), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("data", Json, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    instant("until", nullable=False),
    Column("fence", Integer, nullable=False),
)

runtime_setting = Table(
    "runtime_setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Json, nullable=False),
)
