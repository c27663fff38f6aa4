"""When a recurring duty is due: pure arithmetic over months, days and working days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from service.oncall.model import zone_of
from service.recurring.model import RecurringDraft

WorksOn = Callable[[date], bool]
"""Whether a day, local, is a working day."""


def due_after(draft: RecurringDraft, after: datetime, *, works_on: WorksOn) -> datetime:
    """The first due time later than `after`, and not before the day `starts_on`."""
    zone = zone_of(draft.zone)
    begins = datetime.combine(draft.starts_on, datetime.min.time(), zone)
    turn = max(0, _months(draft.starts_on, after.astimezone(zone).date()) // draft.every_months - 1)
    while True:
        local = datetime.combine(_day_of(draft, turn, works_on), draft.at, zone)
        if local >= begins and local > after:
            return local.astimezone(UTC)
        turn += 1


def _day_of(draft: RecurringDraft, turn: int, works_on: WorksOn) -> date:
    months = draft.starts_on.year * 12 + draft.starts_on.month - 1 + turn * draft.every_months
    year, month = divmod(months, 12)
    first, last = date(year, month + 1, 1), monthrange(year, month + 1)[1]
    if not draft.working_day:
        return first.replace(day=min(draft.day, last))
    days = [each for number in range(last) if works_on(each := first + timedelta(days=number))]
    # A month of holidays may have fewer: then its last working day, or its last day.
    return days[min(draft.day, len(days)) - 1] if days else first.replace(day=last)


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month
