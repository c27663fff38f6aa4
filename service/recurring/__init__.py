"""Recurring duties (周期职责): drills, reviews and retrospectives that are due every so often."""

from __future__ import annotations

from service.recurring.book import RecurringDuties, read_draft
from service.recurring.desk import RecurringDesk
from service.recurring.kept import KeptDuties
from service.recurring.model import Recurring, RecurringDraft, Round, RoundState
from service.recurring.planning import Planning

__all__ = [
    "KeptDuties",
    "Planning",
    "Recurring",
    "RecurringDesk",
    "RecurringDraft",
    "RecurringDuties",
    "Round",
    "RoundState",
    "read_draft",
]
