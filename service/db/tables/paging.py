"""Deadlines and pages: timers, the outbox, deliveries and each attempt at one."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

timer = Table(
    "timer",
    metadata,
    Column(
        "id", String(40), primary_key=True
    ),  # derived from subject and kind: set twice is set once
    Column("kind", String(32), nullable=False),  # warn | due | escalate | …
    Column("subject_type", String(32), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("incident_id", String(40), index=True),
    instant("due_at", nullable=False),
    Column("state", String(16), nullable=False),  # pending | fired | cancelled | failed
    instant("fired_at"),
    Column("late_by_s", Float),
    Column("payload", Json, nullable=False),
    Column("generation", Integer, nullable=False, default=1),  # grows when it is set anew
    Column("failures", Integer, nullable=False, default=0),  # of its handler, in this generation
    instant("retry_at"),  # not before this, after a failure
    Column("error", Text),  # of the last failure
    Column("lease_owner", String(64)),
    instant("lease_until"),
    instant("created_at", nullable=False),
    Index("ix_timer_pending", "state", "due_at"),
    Index("ix_timer_subject", "subject_type", "subject_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(40), primary_key=True),  # the webhook-id: the same at every attempt
    Column("type", String(64), nullable=False),
    instant("occurred_at", nullable=False),
    Column("incident_id", String(40), index=True),
    Column("tier_rank", Integer),
    Column("drill", Integer, nullable=False, default=0),
    Column("data", Json, nullable=False),
    Column("only_channels", Json),  # ids; null = whichever channels want it
    Column("person", String(64)),  # whom it is meant for
    instant("routed_at"),  # when deliveries were made of it, one a channel
    instant("created_at", nullable=False),
    Index("ix_outbox_unrouted", "routed_at", "created_at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("outbox_id", String(40), ForeignKey("outbox.id"), nullable=False, index=True),
    Column("channel_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # pending | sent | dead
    Column("attempts", Integer, nullable=False, default=0),
    instant("next_at"),
    instant("sent_at"),
    Column("reason", Text),
    Column("fallback_of", String(40)),  # the delivery that it stands in for
    Column("digest", String(40)),  # the id of the one message that told of it among others
    Column("lease_owner", String(64)),
    instant("lease_until"),
    instant("created_at", nullable=False),
    Index("ix_delivery_pending", "state", "next_at"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("delivery_id", String(40), ForeignKey("delivery.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    instant("at", nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("status", Integer),
    Column("answer", Text),  # at most 2,048 characters of the body
    Column("duration_ms", Float, nullable=False),
)

# Beside the catalogue's row, whose version is for what people change.
channel_health = Table(
    "channel_health",
    metadata,
    Column("channel_id", String(64), primary_key=True),
    instant("failing_since"),  # the first of the failures since the last success
    instant("switched_off_at"),  # by Fengsui; its fallback stands in until a person turns it on
)

allowance = Table(
    "allowance",
    metadata,
    Column("id", String(80), primary_key=True),  # robot:HMAC of an address | channel:ID
    instant("spent_until", nullable=False),  # how far it is spent, in time
)

# Proofs that act once: acknowledge links, webhooks of pagers.
used_proof = Table(
    "used_proof",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),  # link | pagerduty
    Column("subject_id", String(128), nullable=False),
    instant("at", nullable=False),
)
