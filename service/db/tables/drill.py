"""Drills: recorded crises played into the queue, marked as such, and what they found."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from service.db.columns import Json, instant
from service.db.tables.base import metadata

drill = Table(
    "drill",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),  # preparing | running | done | stopped | failed
    Column("slot", Integer, unique=True),  # 1 while it goes on: one at a time
    Column("asked", Json, nullable=False),  # which posts
    Column("stream", String(200), nullable=False),
    Column("speed", Float, nullable=False),
    Column("monitor", String(64)),  # whose incidents they are; null = as in the stream
    Column("tail_s", Float, nullable=False),  # it ends so long after the last move
    Column("channels", Json, nullable=False),  # ids of the drill channels when it was begun
    Column("played", Integer, nullable=False, default=0),  # moves made so far
    Column("moves", Integer, nullable=False, default=0),
    Column("incidents", Json, nullable=False),  # ids by their key on the tape
    Column("sheet", Json),  # the score sheet, once it has ended
    Column("reason", Text),  # why it failed, or was stopped
    Column("worker", String(200)),  # who prepares it
    instant("beat_at"),
    Column("created_by", String(64), nullable=False),
    instant("created_at", nullable=False),
    instant("started_at"),
    instant("ends_at"),
    instant("ended_at"),
    Column("ended_by", String(64)),
)

drill_move = Table(
    "drill_move",
    metadata,
    Column("drill_id", String(40), ForeignKey("drill.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    instant("at", nullable=False),  # on the tape
    Column("offset_s", Float, nullable=False),  # behind the first move, before the speed
    Column("deed", Json, nullable=False),
)
