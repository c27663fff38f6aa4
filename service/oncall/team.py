"""The emergency team: complete only when somebody has accepted for every role that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import PlaybookError, Role, StepDone
from service.auth import Principal
from service.auth.roles import Action as Permission
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput, NotFound
from service.incidents import OPEN_STATES, Incident
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.trail import trace
from service.oncall import pages, seat_rows
from service.oncall.books import load_roster
from service.oncall.chains import ChainBook
from service.oncall.pages import Why
from service.oncall.roster import calls_for
from service.oncall.seat_rows import Seat, SeatState
from service.oncall.silence_rows import silence_of
from service.response import Responses
from service.response import repository as run_rows
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

TEAM_STEP = "team_complete"
KIND, SUBJECT = "oncall.seat", "seat"
_EVERY_CHANNEL = 1_000
_THERE_ANYWAY = frozenset({Role.DUTY.value})
"""Whoever is on duty is paged first of all, and calls the others."""
_NOTE_MAX = 1_000


class Team:
    """Asks for the seats of a run that has a team-up step, and takes the answers.

    Only roles that somebody is named for have seats: without any, the step is done by hand.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        timers: Timers,
        chains: ChainBook,
        responses: Responses,
        public_url: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._chains = chains
        self._responses = responses
        self._public_url = public_url

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.seat_due}

    async def gather(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        """Ask for every seat that the run needs now and that nobody has been asked for yet."""
        stored = await run_rows.find(connection, incident.id)
        if stored is None:
            return
        steps = stored.run.steps
        if not any(step.id == TEAM_STEP and step.open for step in steps):
            return
        duties = (await load_roster(connection)).duties
        needed = {step.step.role.value for step in steps if step.open} - _THERE_ANYWAY
        for role in sorted(needed & set(duties)):
            if await seat_rows.ask(connection, incident.id, role, at=now):
                await self._ask(connection, incident, role, deputy=False, now=now)

    async def dissolve(self, connection: AsyncConnection, incident: Incident) -> None:
        """The incident is over: nobody is asked any more."""
        await self._timers.cancel(connection, incident_id=incident.id, kinds=[KIND])

    async def guard(self, connection: AsyncConnection, incident: Incident, step_id: str) -> None:
        """Raise Conflict for a team-up that is called done while a seat is empty."""
        if step_id != TEAM_STEP:
            return
        empty = _empty(await seat_rows.of_incident(connection, incident.id))
        if empty:
            raise Conflict(
                f"the team of incident {incident.id} is not complete: {', '.join(empty)} has not "
                "accepted; accept for them, or skip the step with a reason"
            )

    async def seats(self, principal: Principal, incident_id: str) -> tuple[Seat, ...]:
        """By role. Raises NotFound, Forbidden."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            return await seat_rows.of_incident(connection, incident_id)

    async def accept(
        self, principal: Principal, incident_id: str, role: str, *, note: str | None = None
    ) -> tuple[Seat, ...]:
        """Take a seat; the last one completes the team, and with it the step.

        Raises NotFound, Forbidden, Conflict when somebody else has it or the incident is over.
        """
        return await self._answer(principal, incident_id, role, SeatState.ACCEPTED, note=note)

    async def decline(
        self, principal: Principal, incident_id: str, role: str, *, note: str | None = None
    ) -> tuple[Seat, ...]:
        """Say that one cannot; the deputy is asked at once. Raises as `accept` does."""
        return await self._answer(principal, incident_id, role, SeatState.DECLINED, note=note)

    async def seat_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: a seat is still empty, so its deputy is asked."""
        incident_id = fired.incident_id or ""
        incident = await incident_rows.find(connection, incident_id)
        if incident is None:
            return Stale.SUBJECT_GONE
        role = str(fired.payload["role"])
        seats = {seat.role: seat for seat in await seat_rows.of_incident(connection, incident_id)}
        seat = seats.get(role)
        if seat is None or seat.state is not SeatState.ASKED or seat.deputy_asked_at is not None:
            return Stale.NO_LONGER_DUE
        await self._ask_deputy(connection, incident, seat, now=fired.fired_at)
        return None

    async def _answer(
        self,
        principal: Principal,
        incident_id: str,
        role: str,
        state: SeatState,
        *,
        note: str | None,
    ) -> tuple[Seat, ...]:
        if note is not None and len(note) > _NOTE_MAX:
            raise InvalidInput(f"at most {_NOTE_MAX} characters", errors=[("note", "too long")])
        now = self._clock.now()
        async with self._database.write() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.WORK, incident)
            if incident.state not in OPEN_STATES:
                raise Conflict(f"incident {incident_id} is {incident.state.value}")
            seats = {
                seat.role: seat for seat in await seat_rows.of_incident(connection, incident_id)
            }
            if (seat := seats.get(role)) is None:
                there = ", ".join(seats) or "none"
                raise NotFound(f"incident {incident_id} has no seat {role!r}; there are: {there}")
            if seat.state is SeatState.ACCEPTED and seat.holder != principal.id:
                raise Conflict(f"{seat.holder} has the seat of {role} already")
            if seat.state is state and seat.holder == principal.id:
                return tuple(seats.values())
            await seat_rows.change(
                connection,
                seat,
                state=state.value,
                holder=principal.id,
                answered_at=now,
                note=note,
            )
            data = {"role": role, "note": note}
            await trace(
                connection, incident_id, f"seat_{state.value}", data, now=now, actor=principal.id
            )
            if state is SeatState.DECLINED and seat.deputy_asked_at is None:
                await self._ask_deputy(connection, incident, seat, now=now)
            after = await seat_rows.of_incident(connection, incident_id)
            if not _empty(after):
                await self._complete(connection, incident, after, by=principal.id, now=now)
            return after

    async def _complete(
        self,
        connection: AsyncConnection,
        incident: Incident,
        seats: tuple[Seat, ...],
        *,
        by: str,
        now: datetime,
    ) -> None:
        stored = await run_rows.get(connection, incident.id)
        if any(step.id == TEAM_STEP and step.open for step in stored.run.steps):
            note = ", ".join(f"{seat.role}: {seat.holder}" for seat in seats)
            event = StepDone(step=TEAM_STEP, by=by, note=note)
            try:
                await self._responses.apply(connection, incident, event, actor=by, now=now)
            except PlaybookError:
                # It waits for another step by a playbook of one's own: somebody calls it done then.
                return

    async def _ask_deputy(
        self, connection: AsyncConnection, incident: Incident, seat: Seat, *, now: datetime
    ) -> None:
        await seat_rows.change(connection, seat, deputy_asked_at=now)
        await self._ask(connection, incident, seat.role, deputy=True, now=now)

    async def _ask(
        self,
        connection: AsyncConnection,
        incident: Incident,
        role: str,
        *,
        deputy: bool,
        now: datetime,
    ) -> None:
        roster = await load_roster(connection)
        duty = roster.duties.get(role)
        named = None if duty is None else duty.deputy if deputy else duty.holder
        chain = await self._chains.of(connection, incident.tier)
        silence = await silence_of(connection, incident, gravest=self._chains.gravest, now=now)
        if named is not None and silence is None:
            calls = calls_for(
                roster,
                [named],
                at=now,
                reach=_EVERY_CHANNEL,
                ignores_quiet=chain.ignores_quiet,
            )
            await pages.make(
                connection,
                incident,
                calls,
                why=Why.DEPUTY if deputy else Why.SEAT,
                parts=["seat", role, now.isoformat()],
                now=now,
                public_url=self._public_url,
                details={"role": role},
            )
        if not deputy:
            spec = TimerSpec(
                kind=KIND,
                subject_type=SUBJECT,
                subject_id=f"{incident.id}:{role}",
                incident_id=incident.id,
                due_at=now + timedelta(minutes=chain.seat_min),
                payload={"role": role},
            )
            await self._timers.set(connection, spec, now=now)


def _empty(seats: tuple[Seat, ...]) -> list[str]:
    return [seat.role for seat in seats if seat.state is not SeatState.ACCEPTED]
