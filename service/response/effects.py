"""What follows from a run's progress, written down: timers, announcements, the next deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import (
    Announce,
    Announcement,
    Cancel,
    DeadlineKind,
    Effect,
    Run,
    RunStep,
    Schedule,
)
from service.db.committed import when_committed
from service.delivery import outbox
from service.events import EventType
from service.incidents import Incident, format_instant
from service.incidents.trail import trace
from service.incidents.view import told_details, told_view
from service.metrics import steps_breached
from service.response import repository
from service.timers import Timers, TimerSpec

SUBJECT = "step"
_EVENTS = {
    Announcement.DUE_SOON: EventType.STEP_DUE_SOON,
    Announcement.DUE: EventType.STEP_DUE,
    Announcement.ESCALATED: EventType.STEP_ESCALATED,
    Announcement.DONE: EventType.STEP_DONE,
}


def timer_kind(kind: DeadlineKind) -> str:
    """The timer kind of a step's deadline, such as `step.due`."""
    return f"step.{kind.value}"


def subject_id(run_id: str, step_id: str) -> str:
    """The timer subject of a step."""
    return f"{run_id}:{step_id}"


class Escalated(Protocol):
    """Told of each step that escalates, in the same transaction."""

    async def __call__(
        self, connection: AsyncConnection, incident: Incident, step: RunStep, *, now: datetime
    ) -> None: ...


async def unpaged(
    connection: AsyncConnection, incident: Incident, step: RunStep, *, now: datetime
) -> None:
    """Pages nobody beyond the event itself."""


class Effects:
    """Carries out effects inside the transaction that changed the run."""

    def __init__(self, *, timers: Timers, public_url: str, escalated: Escalated = unpaged) -> None:
        self._timers = timers
        self._public_url = public_url
        self._escalated = escalated

    async def carry_out(
        self,
        connection: AsyncConnection,
        incident: Incident,
        run: Run,
        effects: Sequence[Effect],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        """Set and drop timers, tell people, keep the incident's next deadline."""
        for effect in effects:
            if isinstance(effect, Schedule):
                await self._schedule(connection, incident, run, effect, now=now)
            elif isinstance(effect, Cancel):
                await self._timers.cancel(
                    connection,
                    subject=(SUBJECT, subject_id(run.id, effect.step)),
                    kinds=[timer_kind(effect.kind)],
                )
            elif isinstance(effect, Announce):
                await self._announce(connection, incident, run, effect, actor=actor, now=now)
        await repository.write_next_due(connection, incident.id, now=now)

    async def _schedule(
        self,
        connection: AsyncConnection,
        incident: Incident,
        run: Run,
        effect: Schedule,
        *,
        now: datetime,
    ) -> None:
        spec = TimerSpec(
            kind=timer_kind(effect.kind),
            subject_type=SUBJECT,
            subject_id=subject_id(run.id, effect.step),
            incident_id=incident.id,
            due_at=effect.at,
            payload={"step": effect.step, "deadline": effect.kind.value},
        )
        await self._timers.set(connection, spec, now=now)

    async def note(
        self,
        connection: AsyncConnection,
        incident: Incident,
        step: RunStep,
        deed: str,
        particulars: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        """Keep what a person did with a step, and what they said; tell the outside."""
        told = {**_told(step), **particulars}
        await self._keep(connection, incident, deed, told, actor=actor, now=now)
        await self._tell(
            connection, incident, step, EventType.INCIDENT_UPDATED, told, deed, now=now
        )

    async def _announce(
        self,
        connection: AsyncConnection,
        incident: Incident,
        run: Run,
        effect: Announce,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        step = run.step(effect.step)
        late_by_s = None if effect.late_by is None else effect.late_by.total_seconds()
        told = _told(step) | {"late_by_s": late_by_s}
        if effect.event is Announcement.ESCALATED:
            told["escalate_to"] = step.step.escalate_to.value
        await self._keep(connection, incident, effect.event.value, told, actor=actor, now=now)
        await self._tell(connection, incident, step, _EVENTS[effect.event], told, now=now)
        if effect.event is Announcement.ESCALATED:
            await self._escalated(connection, incident, step, now=now)
        if effect.event is Announcement.DUE and not incident.drill:
            labels = (step.step.role.value, incident.tier)
            when_committed(connection, steps_breached.labels(*labels).inc)

    async def _keep(
        self,
        connection: AsyncConnection,
        incident: Incident,
        deed: str,
        told: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        await trace(
            connection,
            incident.id,
            f"step_{deed}",
            told,
            now=now,
            actor=actor,
            action=f"step.{deed}",
        )

    async def _tell(
        self,
        connection: AsyncConnection,
        incident: Incident,
        step: RunStep,
        event: EventType,
        told: Mapping[str, Any],
        *parts: str,
        now: datetime,
    ) -> None:
        title = {"zh": step.step.title.zh, "en": step.step.title.en}
        await outbox.enqueue(
            connection,
            type=event,
            occurred_at=now,
            incident_id=incident.id,
            tier_rank=incident.tier_rank,
            drill=incident.drill,
            data={
                "incident": told_view(incident, public_url=self._public_url),
                "step": {**told_details(incident, told), "title": title},
            },
            parts=[incident.id, step.id, *parts, now.isoformat()],
        )


def _told(step: RunStep) -> dict[str, Any]:
    return {
        "step": step.id,
        "role": step.step.role.value,
        "state": step.state.value,
        "due_at": format_instant(step.due_at),
    }
