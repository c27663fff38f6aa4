"""The job that carries changes from here to trackers, and asks them for news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from service.clock import Clock
from service.db import Database
from service.db.horizon import RECHECK, Horizon
from service.db.leases import turn
from service.errors import Conflict
from service.reviews import items as item_rows
from service.trackers import rows
from service.trackers.answers import Outcome
from service.trackers.calls import Calls
from service.trackers.deciding import standing_of
from service.trackers.hearing import Listener
from service.trackers.model import Handover, State
from service.trackers.telling import Telling
from service.trackers.tracker import Tracker

PAUSE = timedelta(seconds=10)
"""Between two looks, so that who has not got the lease does not try all the time."""
AT_ONCE = 50
CLOSED_EVERY = timedelta(days=1)
CLOSED_FOR = timedelta(days=30)
"""So long a closed ticket is asked about, for it may be opened again."""
_LEASE = "handover_watch"

log = structlog.get_logger(__name__)


class HandoverWatch:
    """Looks when an improvement has changed or a ticket is to be asked about."""

    name = "handovers"

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        owner: str,
        trackers: Mapping[str, Tracker],
        calls: Calls,
        listener: Listener,
        telling: Telling,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._trackers = trackers
        self._calls = calls
        self._listener = listener
        self._telling = telling
        self._horizon = Horizon(database, clock=clock, query=rows.earliest, recheck=recheck)
        self._not_before = clock.now()

    async def next_at(self) -> datetime | None:
        earliest = await self._horizon.earliest() if self._trackers else None
        return None if earliest is None else max(earliest, self._not_before)

    async def run(self, now: datetime) -> int:
        """Answers how many changes were carried and tickets asked about."""
        self._not_before = now + PAUSE
        async with turn(self._database, _LEASE, owner=self._owner, now=self._clock.now) as mine:
            if not mine:
                return 0
            return await self._carry(now) + await self._poll(now)

    async def _carry(self, now: datetime) -> int:
        async with self._database.read() as connection:
            changed = await rows.moved_here(connection, limit=AT_ONCE)
        carried = 0
        for handover_id in changed:
            async with self._database.write() as connection:
                before = await rows.get(connection, handover_id, locked=True)
                item = await item_rows.get(connection, before.subject_id)
                after = replace(before, item_version=item.version)
                wanted = standing_of(item.state)
                tracker = self._trackers.get(before.tracker)
                if wanted is not before.wanted and tracker is not None:
                    after = replace(after, wanted=wanted, revision=before.revision + 1)
                    channel = tracker.channel_id
                    await self._telling.request(connection, after, channel=channel, now=now)
                    carried += 1
                told = after.revision != before.revision
                await rows.put(connection, after, now=now if told else before.updated_at)
        return carried

    async def _poll(self, now: datetime) -> int:
        async with self._database.read() as connection:
            waiting = await rows.to_poll(connection, now=now, limit=AT_ONCE)
        for handover in waiting:
            await self._ask(handover, now)
        return len(waiting)

    async def _ask(self, handover: Handover, now: datetime) -> None:
        tracker = self._trackers.get(handover.tracker)
        text = None
        if tracker is not None:
            said, heard = await self._calls.read(tracker, handover, at=now)
            text = said.text
            if heard is not None:
                try:
                    await self._listener.hear(tracker, heard)
                except Conflict as error:
                    log.info("handover.heard_later", handover=handover.id, reason=str(error))
            if said.outcome is not Outcome.TAKEN:
                log.warning("handover.not_polled", handover=handover.id, reason=said.text)
        async with self._database.write() as connection:
            found = await rows.get(connection, handover.id, locked=True)
            noted = replace(found, poll_at=next_poll(found, tracker, now=now))
            if text is not None:
                noted = replace(noted, last_answer=text, answered_at=now)
            # Its age is that of the last change; an answer is none.
            await rows.put(connection, noted, now=found.updated_at)


def next_poll(handover: Handover, tracker: Tracker | None, *, now: datetime) -> datetime | None:
    """When it is asked about again; None for never."""
    minutes = 0 if tracker is None else tracker.form.poll_minutes
    if not minutes or handover.state is State.DELETED:
        return None
    pause = timedelta(minutes=minutes)
    if handover.state is not State.CLOSED:
        return now + pause
    long_closed = now - handover.updated_at > CLOSED_FOR
    return None if long_closed else now + max(pause, CLOSED_EVERY)
