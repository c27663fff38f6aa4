"""Who may do what: users, sessions, API keys, and the memory of idempotent requests."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

user = Table(
    "user_account",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("roles", Json, nullable=False),
    Column("must_change_password", Boolean, nullable=False, default=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    instant("locked_until"),
    instant("created_at", nullable=False),
    instant("last_sign_in_at"),
    Column("version", Integer, nullable=False, default=1),
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(40), ForeignKey("user_account.id"), nullable=False, index=True),
    instant("created_at", nullable=False),
    instant("seen_at", nullable=False),
    instant("expires_at", nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    Column("roles", Json, nullable=False),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("expires_at"),
    instant("last_used_at"),
    instant("revoked_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("principal", String(64), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer),  # null while the first request is running
    Column("body", Text),
    instant("created_at", nullable=False, index=True),
)
