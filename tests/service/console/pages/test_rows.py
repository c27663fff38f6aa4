"""Columns of incidents: none keeps an old word when the row says a new one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from service.console.pages.rows import _SHOWS, COLUMNS, ENDED_COLUMNS
from service.console.queue_rows import NextStep, QueueRow
from service.incidents import Kind
from service.incidents.lifecycle import State

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ROW = QueueRow(
    id="inc_1",
    tier="red",
    tier_rank=4,
    title="宕机",
    monitor="晨屿",
    state=State.NEW,
    drill=False,
    posts=3,
    first_post_at=AT,
    opened_at=AT,
    ended_at=None,
    next_step=None,
    overdue=0,
    holder=None,
)
STEP = NextStep(title="接警", role="值班", due_at=AT, late=False)
OTHER = {
    "tier": "orange",
    "title": "漏液",
    "monitor": "云雀",
    "state": State.ACKNOWLEDGED,
    "drill": True,
    "posts": 4,
    "first_post_at": AT - timedelta(hours=1),
    "opened_at": AT - timedelta(hours=1),
    "ended_at": AT,
    "next_step": STEP,
    "overdue": 1,
    "holder": "lin",
    "kind": Kind.BACKLOG,
}
SILENT = {"id", "tier_rank", "monitor_id", "scenario", "holder_id"}
"""What no cell tells."""


def test_every_field_is_told_by_a_cell_or_by_none():
    assert {field.name for field in fields(QueueRow)} == OTHER.keys() | SILENT


@pytest.mark.parametrize("field", OTHER)
def test_what_changes_is_drawn_anew(field: str):
    changed = replace(ROW, **{field: OTHER[field]})
    telling = {name for name, shows in _SHOWS.items() if shows(ROW) != shows(changed)}
    assert telling
    told = set(COLUMNS) | set(ENDED_COLUMNS)
    assert telling <= told


def test_a_step_that_fell_due_or_moved_is_drawn_anew():
    shows = _SHOWS["next"]
    row = replace(ROW, next_step=STEP)
    assert shows(row) != shows(replace(row, next_step=replace(STEP, late=True)))
    assert shows(row) == shows(replace(row, posts=9))
