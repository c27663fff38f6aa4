"""Hand-overs: when the next person of a rota comes on, both are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.delivery import outbox
from service.events import EventType
from service.incidents import format_instant
from service.oncall.books import load_roster
from service.oncall.model import RotaDraft, Target, TargetKind
from service.oncall.roster import Roster, calls_for, quiet_until
from service.oncall.shifts import next_change, who_is_on
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

KIND, AWAKE, SUBJECT = "oncall.hand_over", "oncall.hand_over_told", "rota"
_EVERY_CHANNEL = 1_000
_LATE = timedelta(hours=1)
"""After a longer outage nobody wants to read of a hand-over that is history."""


class HandOvers:
    """One timer a rota, at its next change of person."""

    def __init__(self, *, timers: Timers, clock: Clock) -> None:
        self._timers = timers
        self._clock = clock

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.change, AWAKE: self.awake}

    async def saved(self, connection: AsyncConnection, rota: RotaDraft) -> None:
        """A rota was saved: its next hand-over may be another."""
        await self._await_next(connection, rota, after=self._clock.now())

    async def change(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: tell who goes and who comes, each at their own channels."""
        roster = await load_roster(connection)
        rota = roster.rotas.get(fired.subject_id)
        if rota is None:
            return Stale.SUBJECT_GONE
        await self._await_next(connection, rota, after=fired.fired_at)
        if fired.late_by > _LATE:
            return Stale.NO_LONGER_DUE
        before = who_is_on(rota, fired.due_at - timedelta(seconds=1)).person
        after = who_is_on(rota, fired.due_at).person
        data = {
            "rota": {"id": rota.id, "name": rota.name},
            "from": before,
            "to": after,
            "at": format_instant(fired.due_at),
            "until": format_instant(next_change(rota, fired.due_at)),
        }
        for person in (before, after):
            if person is not None and before != after:
                await self._tell(connection, roster, person, data, now=fired.fired_at)
        return None

    async def awake(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: whoever slept at the hand-over is told of it now, while it is true."""
        data = fired.payload["data"]
        if data["until"] is not None and fired.fired_at >= datetime.fromisoformat(data["until"]):
            return Stale.NO_LONGER_DUE
        roster = await load_roster(connection)
        await self._tell(connection, roster, str(fired.payload["person"]), data, now=fired.fired_at)
        return None

    async def _tell(
        self,
        connection: AsyncConnection,
        roster: Roster,
        person: str,
        data: Mapping[str, Any],
        *,
        now: datetime,
    ) -> None:
        """At each channel of theirs that may ring now; in quiet hours when they are over."""
        target = Target(kind=TargetKind.PERSON, id=person)
        calls = calls_for(roster, [target], at=now, reach=_EVERY_CHANNEL, ignores_quiet=False)
        wakes_at = quiet_until(roster, [target], at=now) if calls.only_quiet else None
        if wakes_at is not None:
            spec = TimerSpec(
                kind=AWAKE,
                subject_type=SUBJECT,
                subject_id=f"{data['rota']['id']}:{person}",
                due_at=wakes_at,
                payload={"person": person, "data": data},
            )
            await self._timers.set(connection, spec, now=now)
        for call in calls.calls:
            await outbox.enqueue(
                connection,
                type=EventType.ROTA_HANDED_OVER,
                occurred_at=now,
                incident_id=None,
                tier_rank=None,
                drill=False,
                data=data,
                parts=[data["rota"]["id"], data["at"], person],
                only_channels=call.channels,
                person=call.user,
            )

    async def _await_next(
        self, connection: AsyncConnection, rota: RotaDraft, *, after: datetime
    ) -> None:
        due_at = next_change(rota, after)
        if due_at is None:
            await self._timers.cancel(connection, subject=(SUBJECT, rota.id), kinds=[KIND])
            return
        spec = TimerSpec(kind=KIND, subject_type=SUBJECT, subject_id=rota.id, due_at=due_at)
        await self._timers.set(connection, spec, now=after)
