"""The job that tells watchers what has happened to their incidents since they last heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth.account import load
from service.cases import rows
from service.cases.desk import may_read
from service.cases.rows import Watch
from service.cases.telling import tell_person
from service.cases.topics import topic_of, wanted
from service.clock import Clock
from service.db import Database, tables
from service.db.horizon import RECHECK, Horizon
from service.errors import NotFound
from service.events import EventType
from service.incidents import Incident, format_instant
from service.incidents import repository as incident_rows
from service.oncall.books import load_roster

_AT_ONCE = 100
"""Entries of one incident for one watcher in one transaction."""
_OVERTAKEN = 20
_LATE = timedelta(minutes=5)
"""On PostgreSQL an entry may be committed after a later numbered one: so far back it is looked
for. What was told already has the same id, and is not told again."""


class Watching:
    """Tells each watcher of what they chose, never of their own deeds, each entry once."""

    name = "incidents.watch"

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        public_url: str,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        self._database = database
        self._public_url = public_url
        self._horizon = Horizon(database, clock=clock, query=rows.earliest_unseen, recheck=recheck)

    async def next_at(self) -> datetime | None:
        """At once where a watched incident has news; None while there is none."""
        return await self._horizon.earliest()

    async def run(self, now: datetime) -> int:
        """Tell everybody; answers how many messages were made."""
        async with self._database.read() as connection:
            behind = await rows.behind(connection)
        told = 0
        for watch in behind:
            async with self._database.write() as connection:
                told += await self._tell(connection, watch, now=now)
        return told

    async def _tell(self, connection: AsyncConnection, watch: Watch, *, now: datetime) -> int:
        incident = await incident_rows.get(connection, watch.incident_id)
        sees = await _may_still_read(connection, watch.person, incident)
        roster = await load_roster(connection)
        event = tables.incident_event
        overtaken = and_(
            event.c.id > watch.seen - _OVERTAKEN,
            event.c.at >= now - _LATE,
            event.c.at > watch.since,
        )
        entries = await connection.execute(
            select(event.c.id, event.c.kind, event.c.at, event.c.actor)
            .where(
                event.c.incident_id == watch.incident_id,
                or_(event.c.id > watch.seen, overtaken),
            )
            .order_by(event.c.id)
            .limit(_AT_ONCE)
        )
        told = 0
        newest = watch.seen
        for entry in entries:
            newest = max(newest, entry.id)
            if not sees or not wanted(
                entry.kind, actor=entry.actor, person=watch.person, topics=watch.topics
            ):
                continue
            news = {
                "kind": entry.kind,
                "topic": topic_of(entry.kind),
                "actor": entry.actor,
                "at": format_instant(entry.at),
            }
            told += await tell_person(
                connection,
                incident,
                watch.person,
                EventType.INCIDENT_WATCHED,
                {"watched": news},
                parts=["watched", str(entry.id)],
                now=now,
                public_url=self._public_url,
                roster=roster,
            )
        await rows.saw(connection, watch, newest)
        return told


async def _may_still_read(connection: AsyncConnection, person: str, incident: Incident) -> bool:
    """They might when they chose to watch; what they miss meanwhile they are not told later."""
    try:
        user = await load(connection, person)
    except NotFound:
        return False
    return not user.disabled and may_read(user.principal, incident)
