"""What people do with the steps of a run: do, skip, take that back; ask for time and grant it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import (
    DelayAsked,
    DelayDecided,
    DelayKind,
    Event,
    PlaybookError,
    StepDone,
    StepReopened,
    StepResumed,
    StepSkipped,
)
from service.auth import Principal
from service.auth.roles import Action as Permission
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, NotFound
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reactions import Acted, unnoticed
from service.incidents.reading import keep_reading
from service.incidents.words import said
from service.response import repository
from service.response.repository import StepRow, StoredRun
from service.response.service import Responses

_NOTE_MAX = 10_000

StepGuard = Callable[[AsyncConnection, Incident, str], Awaitable[None]]
"""Raises Conflict for a step, by its id, that may not be called done yet."""


async def unguarded(connection: AsyncConnection, incident: Incident, step_id: str) -> None:
    """Any step may be called done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A run with its incident, for the page and the API."""

    incident: Incident
    stored: StoredRun


class ResponseDesk:
    """The one door for people who work a playbook."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        responses: Responses,
        guard: StepGuard = unguarded,
        acted: Acted = unnoticed,
    ) -> None:
        self._guard = guard
        self._acted = acted
        self._database = database
        self._clock = clock
        self._responses = responses

    async def file(self, principal: Principal, incident_id: str) -> RunFile:
        """The run of an incident. Raises NotFound, Forbidden; reading a private one is audited."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            stored = await repository.get(connection, incident_id)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return RunFile(incident=incident, stored=stored)

    async def next_steps(self, incident_ids: list[str]) -> dict[str, StepRow]:
        """The open step of each incident that falls due next."""
        async with self._database.read() as connection:
            return await repository.next_steps(connection, incident_ids)

    async def do(
        self, principal: Principal, incident_id: str, step_id: str, *, note: str | None = None
    ) -> RunFile:
        """Say that a step is done. Raises Conflict when it cannot be, NotFound for no such step."""
        event = StepDone(step=step_id, by=principal.id, note=said(note, most=_NOTE_MAX))
        return await self._apply(principal, incident_id, step_id, event)

    async def skip(
        self, principal: Principal, incident_id: str, step_id: str, *, reason: str | None
    ) -> RunFile:
        """Leave a step out; a mandatory one takes a reason. Raises Conflict, NotFound."""
        event = StepSkipped(
            step=step_id, by=principal.id, reason=said(reason, most=_NOTE_MAX, path="reason")
        )
        return await self._apply(principal, incident_id, step_id, event)

    async def reopen(
        self, principal: Principal, incident_id: str, step_id: str, *, note: str | None = None
    ) -> RunFile:
        """Take back that a step was done or skipped."""
        event = StepReopened(step=step_id, by=principal.id, note=said(note, most=_NOTE_MAX))
        return await self._apply(principal, incident_id, step_id, event)

    async def do_in(
        self,
        connection: AsyncConnection,
        principal: Principal,
        incident_id: str,
        step_id: str,
        *,
        note: str | None = None,
    ) -> RunFile:
        """`do` inside the caller's transaction."""
        event = StepDone(step=step_id, by=principal.id, note=said(note, most=_NOTE_MAX))
        return await self._apply_in(connection, principal, incident_id, step_id, event)

    async def ask_delay(
        self,
        principal: Principal,
        incident_id: str,
        step_id: str,
        *,
        kind: DelayKind,
        lasting: timedelta,
        reason: str,
    ) -> RunFile:
        """Ask for more time, or for a clock that stands still; the clock runs until it is granted.

        Raises Conflict for a step that is late, of the law or over, and where one has asked.
        """
        event = DelayAsked(
            step=step_id,
            kind=kind,
            lasting=lasting,
            reason=said(reason, most=_NOTE_MAX, path="reason") or "",
            by=principal.id,
        )
        return await self._apply(principal, incident_id, step_id, event)

    async def decide_delay(
        self,
        principal: Principal,
        incident_id: str,
        step_id: str,
        *,
        granted: bool,
        note: str | None = None,
    ) -> RunFile:
        """Grant what somebody else asked for, or refuse it.

        Raises Forbidden for who is no lead or no person, Conflict where nobody has asked, for who
        asked, and for a grant that comes too late.
        """
        event = DelayDecided(
            step=step_id, granted=granted, by=principal.id, note=said(note, most=_NOTE_MAX)
        )
        return await self._apply(
            principal, incident_id, step_id, event, permission=Permission.APPROVE
        )

    async def resume(self, principal: Principal, incident_id: str, step_id: str) -> RunFile:
        """Let a clock that stands still go on. Raises Conflict when it runs."""
        event = StepResumed(step=step_id, by=principal.id)
        return await self._apply(principal, incident_id, step_id, event)

    async def _apply(
        self,
        principal: Principal,
        incident_id: str,
        step_id: str,
        event: Event,
        *,
        permission: Permission = Permission.WORK,
    ) -> RunFile:
        async with self._database.write() as connection:
            return await self._apply_in(
                connection, principal, incident_id, step_id, event, permission=permission
            )

    async def _apply_in(
        self,
        connection: AsyncConnection,
        principal: Principal,
        incident_id: str,
        step_id: str,
        event: Event,
        *,
        permission: Permission = Permission.WORK,
    ) -> RunFile:
        incident = await incident_rows.get(connection, incident_id)
        require(principal, permission, incident)
        stored = await repository.get(connection, incident_id)
        if all(step.id != step_id for step in stored.run.steps):
            known = ", ".join(step.id for step in stored.run.steps)
            raise NotFound(f"incident {incident_id} has no step {step_id!r}; it has: {known}")
        asked = stored.run.step(step_id).request is not None
        if isinstance(event, DelayDecided) and asked:
            principal.require_person("people grant time, signed in")
        if isinstance(event, StepDone):
            await self._guard(connection, incident, step_id)
        now = self._clock.now()
        try:
            stored = await self._responses.apply(
                connection, incident, event, actor=principal.id, now=now
            )
        except PlaybookError as error:
            raise Conflict(str(error)) from error
        await self._acted(connection, incident_id, actor=principal.id, now=now)
        return RunFile(incident=await incident_rows.get(connection, incident_id), stored=stored)
