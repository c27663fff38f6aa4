"""Whether we ourselves were there to see: what a watch that was away has not seen is no silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from service.db import Database
from service.db.statement import insert
from service.db.tables import runtime_setting

LATE = timedelta(minutes=2)
"""A look that comes so long after it was due follows a stop of this process."""
AWAY = timedelta(minutes=15)
"""Nobody looked for so long: posts of that time may have been missed."""
_WRITTEN_EVERY = timedelta(minutes=5)
_NAME = "coverage.looked_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Someone has looked from `since` until `last`, and `due_at` the next look was to come."""

    since: datetime
    last: datetime
    due_at: datetime


def next_presence(
    before: Presence | None, *, due_at: datetime, away: timedelta, now: datetime
) -> Presence:
    """After a look at `now`: it goes on, or begins anew where the look was `away` overdue."""
    goes_on = before is not None and now - before.due_at <= away
    since = before.since if before is not None and goes_on else now
    return Presence(since=since, last=now, due_at=due_at)


class Attendance:
    """Keeps the presence of this process in memory, and that of all of them in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: Presence | None = None
        self._all: Presence | None = None
        self._written_at: datetime | None = None

    async def look(self, *, due_at: datetime, now: datetime) -> tuple[datetime, datetime] | None:
        """Note a look at `now`; answers the spell in which nobody looked, where there was one."""
        if self._all is None or not self._database.is_sqlite:
            self._all = await self._read() or self._all
        before = self._all
        self._own = next_presence(self._own, due_at=due_at, away=LATE, now=now)
        self._all = next_presence(before, due_at=due_at, away=AWAY, now=now)
        if self._written_at is None or now - self._written_at >= _WRITTEN_EVERY:
            await self._write(self._all)
            self._written_at = now
        if before is None or self._all.since != now or before.last >= now:
            return None
        return before.last, now

    def interrupt(self, now: datetime) -> None:
        """What came until now could not be taken in: this process begins to watch anew."""
        if self._own is not None:
            self._own = Presence(since=now, last=now, due_at=self._own.due_at)

    @property
    def own_since(self) -> datetime | None:
        """Since when this process has looked without a break."""
        return None if self._own is None else self._own.since

    @property
    def since(self) -> datetime | None:
        """Since when some process has looked without a break worth the name."""
        return None if self._all is None else self._all.since

    async def _read(self) -> Presence | None:
        async with self._database.read() as connection:
            value = await connection.scalar(
                select(runtime_setting.c.value).where(runtime_setting.c.name == _NAME)
            )
        if value is None:
            return None
        return Presence(**{name: datetime.fromisoformat(text) for name, text in value.items()})

    async def _write(self, presence: Presence) -> None:
        value = {
            "since": presence.since.isoformat(),
            "last": presence.last.isoformat(),
            "due_at": presence.due_at.isoformat(),
        }
        async with self._database.write(quiet=True) as connection:
            await connection.execute(
                insert(connection, runtime_setting)
                .values(name=_NAME, value=value)
                .on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )
