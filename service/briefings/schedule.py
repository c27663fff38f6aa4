"""Schedules: what is prepared daily or weekly, when, of what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from pydantic import ConfigDict

from service.briefings.model import Language, Scope
from service.briefings.period import Kind
from service.monitors.bodied import Bodied
from service.oncall.model import TimeOfDay, zone_of

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """A briefing that is prepared at `at` in `zone`: every day, or every week on `weekday`.

    `weekday` is 1 for Monday to 7. `channels` are where it goes, once approved, unless somebody
    says otherwise.
    """

    __pydantic_config__ = _STRICT

    id: str
    name: str
    kind: Kind = Kind.DAILY
    at: TimeOfDay = time(8)
    weekday: int = 1
    zone: str = "Asia/Shanghai"
    brand: str | None = None
    monitors: tuple[str, ...] = ()
    language: Language = Language.ZH
    channels: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def scope(self) -> Scope:
        return Scope(brand=self.brand, monitors=self.monitors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(ScheduleDraft):
    """As it is kept. Times after `counted_from` are due; `problem` is why the last one is not
    prepared yet."""

    counted_from: datetime
    problem: str | None
    created_at: datetime
    updated_at: datetime
    version: int


TIMING = ("kind", "at", "weekday", "zone", "enabled")
"""What of a schedule says when it is due."""

SCHEDULES = Bodied(ScheduleDraft)
"""Reads them from files and rows, and writes all but id and name."""


def due_after(draft: ScheduleDraft, after: datetime) -> datetime:
    """The first due time later than `after`, in UTC. An hour that a clock leaves out is the one
    after it; of one that it strikes twice the first counts."""
    zone = zone_of(draft.zone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        due = datetime.combine(day, draft.at.replace(tzinfo=None), zone).astimezone(UTC)
        on_its_day = draft.kind is not Kind.WEEKLY or day.isoweekday() == draft.weekday
        if on_its_day and due > after:
            return due
        day += timedelta(days=1)


def last_due(draft: ScheduleDraft, *, after: datetime, now: datetime) -> datetime | None:
    """The newest time that came round in (after, now], None for none: what was missed while nobody
    ran is made up for once."""
    newest = None
    # Whatever came before the last fortnight has a later one.
    due = due_after(draft, max(after, now - timedelta(days=15)))
    while due <= now:
        newest, due = due, due_after(draft, due)
    return newest
