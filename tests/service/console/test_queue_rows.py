"""The queue as values: what breaks next, and the figures beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.console.queue_rows import NextStep, QueueRow, Tallies, breaking_next, tallies
from service.incidents import State

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def row(name: str, *, due_in: int | None, late: bool = False, rank: int = 1, overdue: int = 0):
    step = None
    if due_in is not None:
        due_at = NOW + timedelta(minutes=due_in)
        step = NextStep(title="发布声明", role="公关", due_at=due_at, late=late)
    return QueueRow(
        id=name,
        tier="yellow",
        tier_rank=rank,
        title="产品质量投诉",
        monitor="澄屿",
        state=State.NEW,
        drill=False,
        posts=3,
        first_post_at=NOW,
        opened_at=NOW,
        ended_at=None,
        next_step=step,
        overdue=overdue,
        holder=None,
    )


def first(*rows: QueueRow) -> str | None:
    found = breaking_next(rows)
    return None if found is None else found.id


def test_the_earliest_deadline_of_all_breaks_next_whatever_its_tier():
    assert first(row("red", due_in=30, rank=3), row("yellow", due_in=10)) == "yellow"


def test_of_two_at_one_instant_the_graver_one_comes_first():
    assert first(row("yellow", due_in=10), row("red", due_in=10, rank=3)) == "red"


def test_what_can_still_be_saved_goes_before_what_is_late():
    assert first(row("late", due_in=-50, late=True), row("saved", due_in=500)) == "saved"
    assert first(row("late", due_in=-50, late=True)) == "late"


def test_nothing_breaks_without_a_deadline():
    assert first(row("calm", due_in=None)) is None
    assert first() is None


def test_tallies_count_the_unacknowledged_and_the_overdue():
    rows = (
        row("a", due_in=1, overdue=2),
        replace(row("b", due_in=2, overdue=3), state=State.RESPONDING),
    )
    assert tallies(rows, total=60) == Tallies(open=60, unacknowledged=1, overdue=5)
