"""Incidents, their evidence and history, and the runs of playbooks that answer them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

incident = Table(
    "incident",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("drill", Boolean, nullable=False, default=False),
    Column("monitor_id", String(64), nullable=False),
    Column("scenario", String(64)),  # null for kinds without one
    Column("segment", String(64)),  # the posts it takes: a scenario's, or `unclassified`; stays
    # An unclassified one that counts opened takes every post, and not the negative ones alone.
    Column("every_mood", Boolean, nullable=False, default=False, server_default=false()),
    Column("title", Text, nullable=False),
    Column("tier", String(32), nullable=False),
    Column("tier_rank", Integer, nullable=False),
    Column("held_rank", Integer),  # a person lowered from here: rules raise only above it
    Column("state", String(32), nullable=False, index=True),
    Column("outcome", String(32)),  # of a closed one: resolved | false_positive | merged
    Column("reasons", Json, nullable=False),
    Column("posts", Integer, nullable=False, default=0),
    Column("first_post_id", String(40)),
    instant("first_post_at", nullable=False),
    instant("opened_at", nullable=False),
    instant("acknowledged_at"),
    Column("acknowledged_by", String(64)),
    instant("responding_at"),
    instant("monitoring_at"),
    instant("resolved_at"),
    instant("closed_at"),
    instant("last_post_at"),
    instant("inside_since"),  # since when negative volume and share are back inside baseline
    instant("contained_at"),
    instant("reopened_at"),  # the last time that it was over and a person said that it is not
    instant("taking_ended_at"),  # after it no post joins; null = still takes posts
    Column("assignee", String(64)),
    Column("merged_into", String(40)),
    Column("previous_id", String(40)),
    instant("reached_nobody_at"),  # no page had arrived by then; null again once one has
    instant("next_due_at"),  # of the open steps, for the queue's order
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
    # At most one incident of a (monitor, scenario, kind) takes posts, whoever opens it.
    Index(
        "uq_incident_taking",
        "monitor_id",
        "scenario",
        "kind",
        "drill",
        unique=True,
        sqlite_where=text("taking_ended_at IS NULL"),
        postgresql_where=text("taking_ended_at IS NULL"),
    ),
    Index("ix_incident_queue", "state", "tier_rank", "next_due_at"),
)

incident_tier = Table(
    "incident_tier",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    Column("tier", String(32), nullable=False),
    instant("at", nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("explanation", Json),  # ids and counts, frozen; null for what a person decided
)

incident_post = Table(
    "incident_post",
    metadata,
    Column("incident_id", String(40), ForeignKey("incident.id"), primary_key=True),
    Column("post_id", String(40), primary_key=True),
    instant("at", nullable=False),
    Column("copy_group", String(64), nullable=False),
    Column("snapshot", Json, nullable=False),  # the evidence as it stood, masked
    Column("sha256", String(64), nullable=False),
    Column("not_about_us", Boolean, nullable=False, default=False),
    Column("marked_by", String(64)),
    instant("deleted_at"),  # its source had it no longer; the snapshot stays as it was
)

incident_event = Table(
    "incident_event",
    metadata,
    Column("id", AutoId, primary_key=True, autoincrement=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, index=True),
    instant("at", nullable=False),
    Column("kind", String(48), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("data", Json, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False, unique=True),
    Column("playbook", String(64), nullable=False),
    Column("content_version", String(64), nullable=False),
    Column("tier", String(32), nullable=False),
    Column("snapshot", Json, nullable=False),  # playbooks.Run.to_json
    instant("started_at", nullable=False),
    instant("updated_at", nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

# A copy of the run's steps for queries; the snapshot is what counts.
step = Table(
    "step",
    metadata,
    Column("run_id", String(40), ForeignKey("run.id"), primary_key=True),
    Column("step_id", String(64), primary_key=True),
    Column("incident_id", String(40), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("title", Json, nullable=False),
    Column("role", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    instant("due_at", index=True),
    instant("done_at"),
    Column("done_by", String(64)),
    Column("note", Text),
    instant("breached_at"),
    UniqueConstraint("incident_id", "step_id"),
)
