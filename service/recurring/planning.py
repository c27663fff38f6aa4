"""The clock of recurring duties: asked before, at and after their time, the next one planned.

One round of a duty is open at a time. The next is planned from the due time of the last one, never
from when that was done, so that nobody wins time by being late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import tables
from service.delivery import outbox
from service.events import EventType
from service.incidents import format_instant
from service.oncall.books import load_roster
from service.oncall.model import Target
from service.oncall.roster import Call, calls_for
from service.recurring import rounds
from service.recurring.book import draft_of
from service.recurring.model import RecurringDraft, Round, RoundState
from service.recurring.schedule import WorksOn, due_after
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

SUBJECT = "recurring"
WARN, DUE, ESCALATE, NEXT = (
    f"recurring.{name}" for name in ("due_soon", "due", "escalated", "missed")
)
_ONE_CHANNEL = 1


class Planning:
    """Timers of rounds, and who hears of them."""

    def __init__(self, *, timers: Timers, clock: Clock, works_on: WorksOn) -> None:
        self._timers = timers
        self._clock = clock
        self._works_on = works_on

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {WARN: self.tell, DUE: self.tell, ESCALATE: self.tell, NEXT: self.give_up}

    async def saved(self, connection: AsyncConnection, draft: RecurringDraft) -> None:
        """A duty was saved: its open round may be due at another time, or be the first one."""
        now = self._clock.now()
        open_one = await rounds.open_round(connection, draft.id, lock=True)
        if open_one is None:
            await self._plan(connection, draft, after=now, now=now)
            return
        # What is due stays due: another rhythm counts from the next one on.
        due_at = open_one.due_at
        if due_at > now:
            due_at = await self._moved(connection, draft, open_one)
            await rounds.change(connection, open_one.id, due_at=due_at)
        await self._set(connection, draft, due_at=due_at, round_id=open_one.id, now=now)

    async def _moved(
        self, connection: AsyncConnection, draft: RecurringDraft, open_one: Round
    ) -> datetime:
        settled = await rounds.last_settled(connection, draft.id)
        # After a pause the last one may be of long ago: the open one was planned from later on.
        after = open_one.created_at if settled is None else max(settled, open_one.created_at)
        return due_after(draft, after, works_on=self._works_on)

    async def forgotten(self, connection: AsyncConnection, duty_id: str) -> None:
        """The duty is no more."""
        await self._timers.cancel(connection, subject=(SUBJECT, duty_id))

    async def done(
        self, connection: AsyncConnection, draft: RecurringDraft, which: Round, *, now: datetime
    ) -> None:
        """A round was done: its owner hears of it, and the next one is planned."""
        await self._say(connection, draft, which, EventType.RECURRING_DONE, [draft.owner], now=now)
        await self.skipped(connection, draft, which, now=now)

    async def skipped(
        self, connection: AsyncConnection, draft: RecurringDraft, which: Round, *, now: datetime
    ) -> None:
        """A round is left out: nobody is asked for it any more, and the next one is planned."""
        await self._timers.cancel(connection, subject=(SUBJECT, draft.id))
        await self._plan(connection, draft, after=which.due_at, now=now)

    async def tell(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: the owner is asked; the deputy too when it is long due."""
        found = await self._found(connection, fired)
        if found is None:
            return Stale.SUBJECT_GONE
        draft, which = found
        targets = [draft.owner]
        if fired.kind == ESCALATE and draft.deputy is not None:
            targets.append(draft.deputy)
        await self._say(
            connection, draft, which, EventType(fired.kind), targets, now=fired.fired_at
        )
        return None

    async def give_up(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: the next one comes up, so this one is missed; that is counted and told."""
        found = await self._found(connection, fired)
        if found is None:
            return Stale.SUBJECT_GONE
        draft, which = found
        await rounds.change(connection, which.id, state=RoundState.MISSED.value)
        targets = [draft.owner, *([] if draft.deputy is None else [draft.deputy])]
        await self._say(
            connection, draft, which, EventType.RECURRING_MISSED, targets, now=fired.fired_at
        )
        await self._plan(connection, draft, after=which.due_at, now=fired.fired_at)
        return None

    async def _plan(
        self, connection: AsyncConnection, draft: RecurringDraft, *, after: datetime, now: datetime
    ) -> None:
        due_at = due_after(draft, after, works_on=self._works_on)
        planned = await rounds.add(connection, draft.id, due_at, now=now)
        await self._set(connection, draft, due_at=due_at, round_id=planned.id, now=now)

    async def _set(
        self,
        connection: AsyncConnection,
        draft: RecurringDraft,
        *,
        due_at: datetime,
        round_id: str,
        now: datetime,
    ) -> None:
        following = due_after(draft, due_at, works_on=self._works_on)
        warn = timedelta(days=draft.warn_days)
        instants = {
            WARN: max(now, due_at - warn),
            DUE: due_at,
            ESCALATE: due_at + timedelta(days=draft.escalate_days),
            NEXT: following - warn,
        }
        if due_at <= now:
            # Whoever is asked from now on hears that it is due, not that it will be.
            del instants[WARN]
            instants[DUE] = now
            await self._timers.cancel(connection, subject=(SUBJECT, draft.id), kinds=[WARN])
        for kind, at in instants.items():
            spec = TimerSpec(
                kind=kind,
                subject_type=SUBJECT,
                subject_id=draft.id,
                due_at=at,
                payload={"round": round_id},
            )
            await self._timers.set(connection, spec, now=now)

    async def _found(
        self, connection: AsyncConnection, fired: FiredTimer
    ) -> tuple[RecurringDraft, Round] | None:
        table = tables.recurring_duty
        row = (
            await connection.execute(select(table).where(table.c.id == fired.subject_id))
        ).first()
        which = await rounds.open_round(connection, fired.subject_id, lock=True)
        if row is None or which is None or which.id != fired.payload["round"]:
            return None
        return draft_of(row), which

    async def _say(
        self,
        connection: AsyncConnection,
        draft: RecurringDraft,
        which: Round,
        event: EventType,
        targets: list[Target],
        *,
        now: datetime,
    ) -> None:
        """To each person at their first channel; to every channel that wants it where nobody is."""
        roster = await load_roster(connection, drill=False)
        found = calls_for(roster, targets, at=now, reach=_ONE_CHANNEL, ignores_quiet=True)
        calls: list[Call | None] = list(found.calls)
        data: dict[str, Any] = {
            "recurring": {
                "id": draft.id,
                "name": draft.name,
                "owner": str(draft.owner),
                "round": which.id,
                "due_at": format_instant(which.due_at),
                "instructions": draft.instructions,
                "missed": await rounds.missed(connection, draft.id),
            }
        }
        for call in calls or [None]:
            whom = "everybody" if call is None else call.person or call.channels[0]
            await outbox.enqueue(
                connection,
                type=event,
                occurred_at=now,
                incident_id=None,
                tier_rank=None,
                drill=False,
                data=data,
                parts=[which.id, now.isoformat(), whom],
                only_channels=None if call is None else call.channels,
                person=None if call is None else call.user,
            )
