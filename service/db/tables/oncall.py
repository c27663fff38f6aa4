"""Who is paged, in which order, and what came of it: rosters, escalations, seats, silences."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata


def _book(name: str) -> Table:
    """What people configure: `body` is the whole of it but id and name."""
    return Table(
        name,
        metadata,
        Column("id", String(64), primary_key=True),
        Column("name", String(200), nullable=False),
        Column("body", Json, nullable=False),
        instant("created_at", nullable=False),
        instant("updated_at", nullable=False),
        Column("version", Integer, nullable=False, default=1),
    )


contact = _book("contact")
rota = _book("rota")
duty = _book("duty")  # id = a playbook role
chain = _book("chain")  # id = a tier, or tier.role; over the shipped one

escalation = Table(
    "escalation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    Column("tier_rank", Integer, nullable=False),
    Column("chain", Json, nullable=False),  # a copy: editing a chain changes no running one
    Column("state", String(16), nullable=False),  # running | held | exhausted | ended | replaced
    Column("position", Integer, nullable=False),  # of the step that comes next
    Column("round", Integer, nullable=False),
    Column("firings", Integer, nullable=False),  # names the one timer that may fire next
    Column("pages", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Column("anew", Integer, nullable=False, server_default="0"),  # begun again, unanswered
    instant("unanswered_at"),
    instant("started_at", nullable=False),
    instant("held_at"),  # the last act of whoever has it
    Column("held_by", String(64)),
    instant("ended_at"),
)

page = Table(
    "page",
    metadata,
    Column("id", String(40), primary_key=True),  # of the message in the outbox
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    Column("escalation_id", String(40), index=True),  # null: of a step, of a seat
    Column("persons", Json, nullable=False),
    Column("why", String(32), nullable=False),
    instant("at", nullable=False),
    instant("withdrawn_at"),
)

seat = Table(
    "seat",
    metadata,
    Column("incident_id", String(40), ForeignKey("incident.id"), primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("state", String(16), nullable=False),  # asked | accepted | declined
    Column("holder", String(64)),  # the principal who took it
    instant("asked_at", nullable=False),
    instant("deputy_asked_at"),
    instant("answered_at"),
    Column("note", Text),
)

silence = Table(
    "silence",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("matcher", Json, nullable=False),
    Column("gravest", Boolean, nullable=False),  # the gravest tier too: a lead has said so twice
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    instant("ended_at"),
    Column("ended_by", String(64)),
    Index("ix_silence_standing", "ended_at", "ends_at"),
)
