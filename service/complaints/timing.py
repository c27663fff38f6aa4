"""The clocks of complaints as durable timers: a warning, the due time, the escalation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.complaints import records, repository
from service.complaints.clocks import (
    DUE,
    ESCALATE,
    SUBJECT,
    WARN,
    instants,
    timer_kind,
    timer_kinds,
)
from service.complaints.lifecycle import RUNS, Clock
from service.complaints.model import Complaint
from service.complaints.rule import ComplaintRuleDraft
from service.complaints.rules import RuleBook
from service.complaints.telling import tell
from service.complaints.trail import trace
from service.db.committed import when_committed
from service.events import EventType
from service.metrics import complaint_breaches
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

log = structlog.get_logger(__name__)


class Timing:
    """Begins and ends clocks in the caller's transaction, and does what their timers are for."""

    def __init__(
        self, *, timers: Timers, rules: RuleBook, limits: Mapping[Clock, timedelta]
    ) -> None:
        self._timers = timers
        self._rules = rules
        self._limits = limits

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {
            **{timer_kind(clock, WARN): self.warn for clock in Clock},
            **{timer_kind(clock, DUE): self.due for clock in Clock},
            **{timer_kind(clock, ESCALATE): self.escalate for clock in Clock},
        }

    def due_at(self, rule: ComplaintRuleDraft, clock: Clock, started_at: datetime) -> datetime:
        """When that clock is due if it begins at that instant."""
        return self._rules.calendar(rule).add(started_at, self._limits[clock])

    async def start(
        self,
        connection: AsyncConnection,
        complaint: Complaint,
        clocks: Collection[Clock],
        *,
        rule: ComplaintRuleDraft,
        now: datetime,
    ) -> None:
        """Begin clocks of the complaint's present round."""
        warnings = {
            Clock.ANSWER: rule.warn_answer_min,
            Clock.RESPONSE: rule.warn_response_min,
            Clock.RESOLUTION: rule.warn_resolution_min,
        }
        for clock in clocks:
            found = instants(
                now,
                self._limits[clock],
                calendar=self._rules.calendar(rule),
                warn_before=timedelta(minutes=warnings[clock]),
                escalate_after=timedelta(minutes=rule.escalate_min),
            )
            await records.start_clock(
                connection,
                complaint.id,
                clock,
                number=complaint.round,
                started_at=now,
                due_at=found.due_at,
            )
            for stage, at in (
                (WARN, found.warn_at),
                (DUE, found.due_at),
                (ESCALATE, found.escalate_at),
            ):
                spec = TimerSpec(
                    kind=timer_kind(clock, stage),
                    subject_type=SUBJECT,
                    subject_id=complaint.id,
                    due_at=at,
                    payload={"clock": clock.value, "round": complaint.round},
                )
                await self._timers.set(connection, spec, now=now)

    async def stop(
        self,
        connection: AsyncConnection,
        complaint: Complaint,
        clocks: Collection[Clock],
        *,
        now: datetime,
        met: bool,
    ) -> None:
        """End clocks: met by a deed, or dropped since nobody waits any more.

        What is met after its time is a breach, also where its timer has not fired yet.
        """
        if met:
            await self._breach_late(connection, complaint, clocks, now=now)
        values = {"met_at": now} if met else {"dropped_at": now}
        await records.mark_clock(connection, complaint.id, clocks, **values)
        await self._timers.cancel(
            connection, subject=(SUBJECT, complaint.id), kinds=timer_kinds(*clocks)
        )

    async def warn(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: it falls due soon; who has it is told, else whom the rule names."""
        found = await self._running(connection, fired)
        if isinstance(found, Stale):
            return found
        complaint, clock, rule = found
        await records.mark_clock(connection, complaint.id, [clock], warned_at=fired.fired_at)
        event = EventType.COMPLAINT_DUE_SOON
        await self._pass_on(connection, complaint, clock, event, fired, rule=rule, owners=False)
        return None

    async def due(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: the clock has run out, which counts as a breach whatever comes after."""
        found = await self._running(connection, fired)
        if isinstance(found, Stale):
            return found
        complaint, clock, rule = found
        await records.mark_clock(connection, complaint.id, [clock], breached_at=fired.due_at)
        await _count_breaches(connection, complaint, [clock])
        complaint = await repository.get(connection, complaint.id)
        event = EventType.COMPLAINT_DUE
        await self._pass_on(connection, complaint, clock, event, fired, rule=rule)
        return None

    async def escalate(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: it ran out a while ago and waits still; the deputy hears of it too."""
        found = await self._running(connection, fired)
        if isinstance(found, Stale):
            return found
        complaint, clock, rule = found
        await records.mark_clock(connection, complaint.id, [clock], escalated_at=fired.fired_at)
        event = EventType.COMPLAINT_ESCALATED
        await self._pass_on(connection, complaint, clock, event, fired, rule=rule, deputies=True)
        return None

    async def _breach_late(
        self,
        connection: AsyncConnection,
        complaint: Complaint,
        clocks: Collection[Clock],
        *,
        now: datetime,
    ) -> None:
        rows = await records.clocks_of(connection, complaint.id)
        late = [row for row in rows if row.clock in clocks and row.runs and row.due_at < now]
        unseen = [row for row in late if row.breached_at is None]
        for row in unseen:
            await records.mark_clock(connection, complaint.id, [row.clock], breached_at=row.due_at)
        await _count_breaches(connection, complaint, [row.clock for row in unseen])

    async def _pass_on(
        self,
        connection: AsyncConnection,
        complaint: Complaint,
        clock: Clock,
        event: EventType,
        fired: FiredTimer,
        *,
        rule: ComplaintRuleDraft,
        deputies: bool = False,
        owners: bool = True,
    ) -> None:
        kind = event.value.removeprefix("complaint.")
        data = {
            "clock": clock.value,
            "round": complaint.round,
            "due_at": fired.due_at.isoformat(),
            "assignee": complaint.assignee,
        }
        now = fired.fired_at
        await trace(connection, complaint, kind, data, actor=audit.SYSTEM, now=now)
        await tell(
            connection,
            complaint,
            event,
            rule=rule,
            parts=[str(complaint.round), clock.value],
            now=now,
            clock=clock,
            deputies=deputies,
            owners=owners,
        )
        log.warning("complaint.clock", stage=kind, complaint=complaint.id, clock=clock.value)

    async def _running(
        self, connection: AsyncConnection, fired: FiredTimer
    ) -> tuple[Complaint, Clock, ComplaintRuleDraft] | Stale:
        """The complaint, while the clock that the timer was set for runs."""
        complaint = await repository.seize(connection, fired.subject_id)
        if complaint is None:
            return Stale.SUBJECT_GONE
        clock = Clock(fired.payload["clock"])
        if complaint.state not in RUNS[clock] or complaint.round != fired.payload["round"]:
            return Stale.NO_LONGER_DUE
        return complaint, clock, await self._rules.of(connection, complaint.rule_id)


async def _count_breaches(
    connection: AsyncConnection, complaint: Complaint, clocks: Collection[Clock]
) -> None:
    """Count anew what ran out, those clocks among it."""
    if not clocks:
        return
    breaches = await records.count_breaches(connection, complaint.id)
    await repository.mark(connection, complaint.id, breaches=breaches)
    if not complaint.drill:
        for clock in clocks:
            when_committed(connection, complaint_breaches.labels(clock=clock.value).inc)
