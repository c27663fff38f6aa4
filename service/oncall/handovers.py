"""Hand-overs: when the next person of a rota comes on, both are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.delivery import outbox
from service.events import EventType
from service.oncall.books import load_roster
from service.oncall.model import RotaDraft, Target, TargetKind
from service.oncall.roster import calls_for
from service.oncall.shifts import next_change, who_is_on
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

KIND, SUBJECT = "oncall.hand_over", "rota"
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
        return {KIND: self.change}

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
        for person in (before, after):
            if person is None or before == after:
                continue
            calls = calls_for(
                roster,
                [Target(kind=TargetKind.PERSON, id=person)],
                at=fired.fired_at,
                reach=_EVERY_CHANNEL,
                ignores_quiet=True,
            )
            for call in calls.calls:
                await outbox.enqueue(
                    connection,
                    type=EventType.ROTA_HANDED_OVER,
                    occurred_at=fired.fired_at,
                    incident_id=None,
                    tier_rank=None,
                    drill=False,
                    data={
                        "rota": {"id": rota.id, "name": rota.name},
                        "from": before,
                        "to": after,
                        "at": fired.due_at,
                        "until": next_change(rota, fired.due_at),
                    },
                    parts=[rota.id, fired.due_at.isoformat(), person],
                    only_channels=call.channels,
                    person=call.user,
                )
        return None

    async def _await_next(
        self, connection: AsyncConnection, rota: RotaDraft, *, after: datetime
    ) -> None:
        due_at = next_change(rota, after)
        if due_at is None:
            await self._timers.cancel(connection, subject=(SUBJECT, rota.id), kinds=[KIND])
            return
        spec = TimerSpec(kind=KIND, subject_type=SUBJECT, subject_id=rota.id, due_at=due_at)
        await self._timers.set(connection, spec, now=after)
