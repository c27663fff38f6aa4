"""Calls for a role: who comes for a late step or an empty seat, one step of a chain a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.oncall import pages
from service.oncall.books import load_roster
from service.oncall.chains import ChainBook
from service.oncall.model import EVERYBODY, ChainDraft, ChainStep, DutyDraft, Target, TargetKind
from service.oncall.pages import Why
from service.oncall.silence_rows import silence_of
from service.oncall.stepping import whom
from service.timers import FiredTimer, Timers, TimerSpec, TimerState, timer_id

LATE_KIND, SEAT_KIND = "oncall.late_step", "oncall.seat"
_SUBJECTS = {LATE_KIND: "late_step", SEAT_KIND: "seat"}
_EVERY_CHANNEL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCall:
    """Of a role for one thing: `subject` is the late step, or of a seat the role again.

    `firing` counts from 0 the steps of its chain; one past the last calls everybody.
    """

    kind: str
    role: str
    subject: str
    firing: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)

    def subject_of(self, incident: Incident) -> tuple[str, str]:
        """The subject of its timer, (type, id)."""
        return _SUBJECTS[self.kind], f"{incident.id}:{self.subject}"


def call_of(fired: FiredTimer) -> RoleCall:
    """What a timer calls for. One that says no firing is of the deputy of a seat."""
    payload = fired.payload
    role = str(payload["role"])
    return RoleCall(
        kind=fired.kind,
        role=role,
        subject=str(payload.get("subject", role)),
        firing=int(payload.get("firing", 1)),
        details=payload.get("details", {}),
    )


class RoleCalls:
    """Makes the calls, each inside the caller's transaction, and sets the timer of the next."""

    def __init__(self, *, timers: Timers, chains: ChainBook, public_url: str) -> None:
        self._timers = timers
        self._chains = chains
        self._public_url = public_url

    async def begin(
        self, connection: AsyncConnection, incident: Incident, call: RoleCall, *, now: datetime
    ) -> None:
        """Call for the role now, or when the first step of its chain says so.

        Nobody is called for a role that has neither a chain of its own at this tier nor a duty.
        """
        chain = await self._chain(connection, incident, call)
        if chain is not None and chain.steps[0].wait_min:
            due_at = now + timedelta(minutes=chain.steps[0].wait_min)
            await self._set(connection, incident, call, due_at=due_at, now=now)
        else:
            await self.make(connection, incident, call, now=now)

    async def make(
        self, connection: AsyncConnection, incident: Incident, call: RoleCall, *, now: datetime
    ) -> bool:
        """Make the step of that firing; whether it was made. It waits for silences and the quiet.

        The chain is read as it stands now.
        """
        chain = await self._chain(connection, incident, call)
        if chain is None:
            return False
        said = {"role": call.role, **call.details}
        silence = await silence_of(connection, incident, gravest=self._chains.gravest, now=now)
        if silence is not None:
            until = silence.ends_at
            await self._set(connection, incident, call, due_at=until, now=now, silence=True)
            data = {**said, "silence": silence.id, "until": until.isoformat()}
            await trace(connection, incident.id, "page_silenced", data, now=now)
            return False
        steps = chain.steps * chain.repeat
        step = steps[call.firing] if call.firing < len(steps) else ChainStep(notify=(EVERYBODY,))
        found = await whom(
            connection, incident, chain, step, reach=_EVERY_CHANNEL, said=said, now=now
        )
        if isinstance(found, datetime):
            await self._set(connection, incident, call, due_at=found, now=now)
            return False
        if found is not None:
            await pages.make(
                connection,
                incident,
                found.or_everybody(),
                why=_why(call),
                parts=[_SUBJECTS[call.kind], call.subject, now.isoformat()],
                now=now,
                public_url=self._public_url,
                details=said,
            )
        following = replace(call, firing=call.firing + 1)
        if following.firing < len(steps):
            again = following.firing % len(chain.steps) == 0
            minutes = chain.again_min if again else steps[following.firing].wait_min
            due_at = now + timedelta(minutes=minutes)
            await self._set(connection, incident, following, due_at=due_at, now=now)
        else:
            await self.end(connection, incident, call)
        return True

    async def next_firing(
        self, connection: AsyncConnection, incident: Incident, call: RoleCall
    ) -> int | None:
        """The firing of the step that waits; None when every one has been made."""
        payload = await connection.scalar(
            select(tables.timer.c.payload).where(
                tables.timer.c.id == timer_id(*call.subject_of(incident), call.kind),
                tables.timer.c.state == TimerState.PENDING.value,
            )
        )
        return None if payload is None else int(payload.get("firing", 1))

    async def end(self, connection: AsyncConnection, incident: Incident, call: RoleCall) -> None:
        """Whoever was called for has come."""
        await self._timers.cancel(connection, subject=call.subject_of(incident), kinds=[call.kind])

    async def end_all(self, connection: AsyncConnection, incident: Incident) -> None:
        """The incident is over."""
        await self._timers.cancel(connection, incident_id=incident.id, kinds=list(_SUBJECTS))

    async def silence_over(
        self, connection: AsyncConnection, *, now: datetime, incident_id: str | None = None
    ) -> None:
        """Calls that waited for a silence which holds them no longer are made now.

        Of one incident, or of all of them.
        """
        table = tables.timer
        query = select(table).where(
            table.c.state == TimerState.PENDING.value, table.c.kind.in_(list(_SUBJECTS))
        )
        if incident_id is not None:
            query = query.where(table.c.incident_id == incident_id)
        rows = await connection.execute(query.order_by(table.c.id))
        for row in rows.all():
            incident = await incident_rows.find(connection, row.incident_id or "")
            if incident is None or "silence" not in row.payload:
                continue
            gravest = self._chains.gravest
            if await silence_of(connection, incident, gravest=gravest, now=now) is None:
                payload = {name: row.payload[name] for name in row.payload if name != "silence"}
                spec = TimerSpec(
                    kind=row.kind,
                    subject_type=row.subject_type,
                    subject_id=row.subject_id,
                    incident_id=row.incident_id,
                    due_at=now,
                    payload=payload,
                )
                await self._timers.set(connection, spec, now=now)

    async def _chain(
        self, connection: AsyncConnection, incident: Incident, call: RoleCall
    ) -> ChainDraft | None:
        """The role's own; else by the tier's the duty: of a seat the holder, in time the deputy.

        For a late step both at once. A seat without a deputy comes to everybody.
        """
        own = await self._chains.for_role(connection, incident.tier, call.role)
        if own is not None:
            return own
        duty = (await load_roster(connection)).duties.get(call.role)
        if duty is None:
            return None
        chain = await self._chains.of(connection, incident.tier)
        return replace(chain, steps=_steps(duty, call, chain), repeat=1)

    async def _set(
        self,
        connection: AsyncConnection,
        incident: Incident,
        call: RoleCall,
        *,
        due_at: datetime,
        now: datetime,
        **waits: bool,
    ) -> None:
        subject_type, subject_id = call.subject_of(incident)
        spec = TimerSpec(
            kind=call.kind,
            subject_type=subject_type,
            subject_id=subject_id,
            incident_id=incident.id,
            due_at=due_at,
            payload={
                "role": call.role,
                "subject": call.subject,
                "firing": call.firing,
                "details": dict(call.details),
                **waits,
            },
        )
        await self._timers.set(connection, spec, now=now)


def _steps(duty: DutyDraft, call: RoleCall, chain: ChainDraft) -> tuple[ChainStep, ...]:
    holder = Target(kind=TargetKind.ROLE, id=call.role)
    if call.kind == LATE_KIND:
        both = (holder,) if duty.deputy is None else (holder, duty.deputy)
        return (ChainStep(notify=both),)
    deputy = duty.deputy or EVERYBODY
    return (
        ChainStep(notify=(holder,)),
        ChainStep(notify=(deputy,), wait_min=chain.seat_min),
    )


def _why(call: RoleCall) -> Why:
    if call.kind == LATE_KIND:
        return Why.STEP_LATE
    return Why.DEPUTY if call.firing else Why.SEAT
