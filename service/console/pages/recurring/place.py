"""Where the pages of recurring duties are, and what they share."""

from __future__ import annotations

from datetime import datetime

from service.auth import Action, Resource
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE
from service.recurring import RecurringDraft, Round, RoundState

LIST = f"{BASE}/recurring"
ADD = f"{BASE}/new-recurring"

PLACE = Place(
    name="recurring",
    path="/recurring",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.RECURRING),
    deeper=("/recurring/{recurring_id}", "/new-recurring"),
)
_SIGNS = {
    RoundState.OPEN: "…",
    RoundState.DONE: "✓",
    RoundState.MISSED: "✗",
    RoundState.SKIPPED: "–",
}


def address(recurring_id: str) -> str:
    """The page of a duty; ids are letters, digits, `_` and `-`."""
    return f"{LIST}/{recurring_id}"


def rhythm_of(words: Words, duty: RecurringDraft) -> str:
    """`每 3 个月，第 5 个工作日 10:00`."""
    day = words("recurring.working_day" if duty.working_day else "recurring.day_of", day=duty.day)
    return words("recurring.rhythm", months=duty.every_months, day=day, at=f"{duty.at:%H:%M}")


def state_of(words: Words, item: Round, now: datetime) -> str:
    """How a round stands, with a sign beside the word."""
    if item.state is RoundState.OPEN and item.due_at <= now:
        return f"▲ {words('recurring.overdue')}"
    told = f"{_SIGNS[item.state]} {words.choice('recurring.states', item.state.value)}"
    return f"{told} · {words('recurring.late')}" if item.is_late else told
