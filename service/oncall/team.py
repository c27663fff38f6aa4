"""The emergency team: complete only when somebody has accepted for every role that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import PlaybookError, Role, StepDone
from service.auth import Principal, Resource
from service.auth.roles import Action as Permission
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.incidents import OPEN_STATES, Incident
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reactions import Acted
from service.incidents.reading import keep_reading
from service.incidents.trail import trace
from service.oncall import seat_rows
from service.oncall.books import load_roster
from service.oncall.chains import ChainBook
from service.oncall.claims import Claim, claim
from service.oncall.role_calls import SEAT_KIND, RoleCall, RoleCalls, call_of
from service.oncall.seat_rows import Seat, SeatState
from service.response import Responses
from service.response import repository as run_rows
from service.timers import FiredTimer, Stale, TimerHandler

TEAM_STEP = "team_complete"
_THERE_ANYWAY = frozenset({Role.DUTY.value})
"""Whoever is on duty is paged first of all, and calls the others."""
_NOTE_MAX = 1_000
_EVERYBODY = 1_000_000
"""A firing past the last step of any chain."""


class Team:
    """Asks for the seats of a run that has a team-up step, and takes the answers.

    Only roles that somebody is named for have seats: without any, the step is done by hand.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        chains: ChainBook,
        calls: RoleCalls,
        responses: Responses,
        acted: Acted,
    ) -> None:
        """`acted` is told of each answer: whoever takes a seat does something about it."""
        self._database = database
        self._clock = clock
        self._chains = chains
        self._calls = calls
        self._responses = responses
        self._acted = acted

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {SEAT_KIND: self.seat_due}

    async def gather(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime, again: bool = False
    ) -> None:
        """Ask for every seat that the run needs now and that nobody has been asked for yet.

        `again` asks anew for those that nobody has taken: the incident has been opened again.
        """
        stored = await run_rows.find(connection, incident.id)
        if stored is None:
            return
        steps = stored.run.steps
        if not any(step.id == TEAM_STEP and step.open for step in steps):
            return
        duties = (await load_roster(connection)).duties
        needed = {step.step.role.value for step in steps if step.open} - _THERE_ANYWAY
        for role in sorted(needed & set(duties)):
            if await seat_rows.ask(connection, incident.id, role, at=now, again=again):
                await self._calls.begin(connection, incident, _call(role), now=now)

    async def guard(self, connection: AsyncConnection, incident: Incident, step_id: str) -> None:
        """Raise Conflict for a team-up that is called done while a seat is empty."""
        if step_id != TEAM_STEP:
            return
        seats = await seat_rows.held(connection, incident.id)
        empty = await self._empty(connection, incident, seats)
        if empty:
            raise Conflict(
                f"the team of incident {incident.id} is not complete: {', '.join(empty)} has not "
                "accepted; accept for them, or skip the step with a reason"
            )

    async def seats(self, principal: Principal, incident_id: str) -> tuple[Seat, ...]:
        """By role. Raises NotFound, Forbidden. Reading those of a private one is audited."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            seats = await seat_rows.of_incident(connection, incident_id)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return seats

    async def accept(
        self, principal: Principal, incident_id: str, role: str, *, note: str | None = None
    ) -> tuple[Seat, ...]:
        """Take a seat; the last one completes the team, and with it the step.

        Whoever stands for the role may, or its deputy, or a lead for them; where their accounts are
        not known, whoever works on the incident, but one seat alone. Raises NotFound, Forbidden,
        Conflict when somebody else has it or the incident is over.
        """
        return await self._answer(principal, incident_id, role, SeatState.ACCEPTED, note=note)

    async def decline(
        self, principal: Principal, incident_id: str, role: str, *, note: str | None = None
    ) -> tuple[Seat, ...]:
        """Say that one cannot; the deputy is asked at once. Raises as `accept` does."""
        return await self._answer(principal, incident_id, role, SeatState.DECLINED, note=note)

    async def seat_due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: a seat is still empty, so the next of its chain is asked."""
        incident_id, call = fired.incident_id or "", call_of(fired)
        incident = await incident_rows.find(connection, incident_id)
        seat = await seat_rows.free(connection, incident_id, call.role)
        if incident is None or seat is None:
            return Stale.SUBJECT_GONE
        if seat.state is SeatState.ACCEPTED or incident.state not in OPEN_STATES:
            return Stale.NO_LONGER_DUE
        await self._ask(connection, incident, seat, call, now=fired.fired_at)
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
            seats = {seat.role: seat for seat in await seat_rows.held(connection, incident_id)}
            if (seat := seats.get(role)) is None:
                there = ", ".join(seats) or "none"
                raise NotFound(f"incident {incident_id} has no seat {role!r}; there are: {there}")
            if seat.state is SeatState.ACCEPTED and seat.holder != principal.id:
                raise Conflict(f"{seat.holder} has the seat of {role} already")
            if seat.state is state and seat.holder == principal.id:
                return tuple(seats.values())
            right = await self._claim(
                connection, principal, incident, seat, seats.values(), now=now
            )
            await seat_rows.change(
                connection,
                seat,
                state=state.value,
                holder=principal.id,
                answered_at=now,
                note=note,
            )
            data = {"role": role, "note": note, "by": right.value}
            await trace(
                connection, incident_id, f"seat_{state.value}", data, now=now, actor=principal.id
            )
            if state is SeatState.ACCEPTED:
                await self._calls.end(connection, incident, _call(role))
            else:
                await self._ask_next(connection, incident, seat, now=now)
            after = await seat_rows.held(connection, incident_id)
            if not await self._empty(connection, incident, after):
                await self._complete(connection, incident, after, by=principal.id, now=now)
            await self._acted(connection, incident_id, actor=principal.id, now=now)
            return after

    async def _claim(
        self,
        connection: AsyncConnection,
        principal: Principal,
        incident: Incident,
        seat: Seat,
        seats: Iterable[Seat],
        *,
        now: datetime,
    ) -> Claim:
        own = await self._chains.for_role(connection, incident.tier, seat.role)
        steps = () if own is None else own.steps
        taken = {each.role for each in seats if each.state is SeatState.ACCEPTED}
        right = claim(
            await load_roster(connection),
            seat.role,
            principal.id,
            called=[target for step in steps for target in step.notify],
            instants=(seat.asked_at, now),
            leads=principal.may(Permission.CLOSE, Resource.INCIDENT, monitor=incident.monitor_id),
            seats=taken & {each.role for each in seats if each.holder == principal.id},
        )
        if right is None:
            raise Forbidden(
                f"{principal.name} does not stand for {seat.role}: whoever is named for it in the "
                "duties answers, their deputy, or a lead for them"
            )
        return right

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

    async def _ask_next(
        self, connection: AsyncConnection, incident: Incident, seat: Seat, *, now: datetime
    ) -> None:
        """Whoever was asked has declined: the next of the chain at once, or everybody."""
        call = _call(seat.role)
        waits = await self._calls.next_firing(connection, incident, call)
        firing = _EVERYBODY if waits is None else max(waits, 1)
        await self._ask(connection, incident, seat, replace(call, firing=firing), now=now)

    async def _ask(
        self,
        connection: AsyncConnection,
        incident: Incident,
        seat: Seat,
        call: RoleCall,
        *,
        now: datetime,
    ) -> None:
        made = await self._calls.make(connection, incident, call, now=now)
        if made and call.firing and seat.deputy_asked_at is None:
            await seat_rows.change(connection, seat, deputy_asked_at=now)

    async def _empty(
        self, connection: AsyncConnection, incident: Incident, seats: Iterable[Seat]
    ) -> list[str]:
        """Roles that nobody has accepted for and that the run still needs."""
        stored = await run_rows.find(connection, incident.id)
        steps = () if stored is None else stored.run.steps
        needed = {step.step.role.value for step in steps if step.open}
        return [
            seat.role
            for seat in seats
            if seat.state is not SeatState.ACCEPTED and seat.role in needed
        ]


def _call(role: str) -> RoleCall:
    return RoleCall(kind=SEAT_KIND, role=role, subject=role)
