"""The ledger of promises: a row each, with owner, date, timers that warn, and proof of keeping.

A promise is proposed while its statement is written, open from the moment at which it is out, and
outlives the incident: closing that cancels no promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.statements import Finding, PromiseKind
from service import audit
from service.events import EventType
from service.ids import stable_id
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.statements import promise_rows
from service.statements.model import PromiseRow, PromiseState, Statement
from service.statements.traces import Traces
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

SUBJECT = "promise"
WARN, DUE, ESCALATE = "promise.due_soon", "promise.due", "promise.escalated"
WARNED_AT = 0.8
"""Share of the time that a promise has after which its owner is warned; as for steps."""
ESCALATED_AFTER = timedelta(hours=2)
"""After its due time: then the highest tier's channels hear of it."""


class Ledger:
    """Keeps the rows and their timers, inside the caller's transaction; the handler of the timers.

    `gravest` is the rank of the highest tier.
    """

    def __init__(self, *, timers: Timers, traces: Traces, gravest: int) -> None:
        self._timers = timers
        self._traces = traces
        self._gravest = gravest

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {WARN: self.fired, DUE: self.fired, ESCALATE: self.fired}

    async def sync(
        self,
        connection: AsyncConnection,
        statement: Statement,
        found: Sequence[Finding],
        *,
        now: datetime,
    ) -> None:
        """Bring the proposed rows up to the wording: a sentence that stays keeps owner and date."""
        wanted = {
            stable_id("prm", statement.id, str(item.promise), str(item.clause)): item
            for item in found
        }
        known = {row.id: row for row in await promise_rows.of_statement(connection, statement.id)}
        for promise_id, row in known.items():
            state = PromiseState.PROPOSED if promise_id in wanted else PromiseState.DROPPED
            if row.state is not state:
                await promise_rows.change(connection, row, now=now, state=state.value)
        for promise_id, item in wanted.items():
            if promise_id not in known:
                row = PromiseRow(
                    id=promise_id,
                    statement_id=statement.id,
                    incident_id=statement.incident_id,
                    kind=PromiseKind(str(item.promise)),
                    text=str(item.clause),
                    owner=None,
                    due_at=None,
                    state=PromiseState.PROPOSED,
                    created_at=now,
                    updated_at=now,
                    version=1,
                )
                await promise_rows.add(connection, row)

    async def made(
        self, connection: AsyncConnection, statement: Statement, *, now: datetime
    ) -> None:
        """The statement is out: every proposed promise is open, and its timers run."""
        for row in await promise_rows.of_statement(connection, statement.id):
            if row.state is PromiseState.PROPOSED:
                opened = await promise_rows.change(
                    connection, row, now=now, state=PromiseState.OPEN.value, made_at=now
                )
                await self._set_timers(connection, opened, now=now)

    async def dropped(
        self, connection: AsyncConnection, statement: Statement, *, now: datetime
    ) -> None:
        """The statement never went out: nothing of it was promised."""
        for row in await promise_rows.of_statement(connection, statement.id):
            if row.state is PromiseState.PROPOSED:
                await promise_rows.change(
                    connection, row, now=now, state=PromiseState.DROPPED.value
                )

    async def assign(
        self,
        connection: AsyncConnection,
        row: PromiseRow,
        *,
        owner: str | None,
        due_at: datetime | None,
        now: datetime,
    ) -> PromiseRow:
        """Another owner or date; what is None stays. Timers of an open promise follow the date."""
        moved = due_at is not None and due_at != row.due_at
        values: dict[str, object] = {"owner": owner or row.owner}
        if moved:
            values |= {
                "due_at": due_at,
                "warned_at": None,
                "overdue_at": None,
                "escalated_at": None,
            }
        changed = await promise_rows.change(connection, row, now=now, **values)
        if moved and changed.state is PromiseState.OPEN:
            await self._set_timers(connection, changed, now=now)
        return changed

    async def keep(
        self,
        connection: AsyncConnection,
        incident: Incident,
        row: PromiseRow,
        *,
        evidence: str,
        actor: str,
        now: datetime,
    ) -> PromiseRow:
        """It is done, and this shows it; its timers go."""
        kept = await promise_rows.change(
            connection,
            row,
            now=now,
            state=PromiseState.KEPT.value,
            kept_at=now,
            kept_by=actor,
            evidence=evidence,
        )
        await self._timers.cancel(
            connection, subject=(SUBJECT, row.id), kinds=[WARN, DUE, ESCALATE]
        )
        await self._traces.tell_promise(
            connection,
            incident,
            kept,
            EventType.PROMISE_KEPT,
            rank=incident.tier_rank,
            now=now,
        )
        return kept

    async def fired(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: warn, say that it is late, or escalate; once for each due time."""
        row = await promise_rows.get(connection, fired.subject_id, locked=True)
        incident = await incident_rows.find(connection, row.incident_id)
        if incident is None:
            return Stale.SUBJECT_GONE
        if row.state is not PromiseState.OPEN:
            return Stale.NO_LONGER_DUE
        column, event, rank = {
            WARN: ("warned_at", EventType.PROMISE_DUE_SOON, incident.tier_rank),
            DUE: ("overdue_at", EventType.PROMISE_DUE, incident.tier_rank),
            ESCALATE: ("escalated_at", EventType.PROMISE_ESCALATED, self._gravest),
        }[fired.kind]
        now = fired.fired_at
        await promise_rows.mark(connection, row.id, **{column: now})
        data = {
            "owner": row.owner,
            "kind": row.kind.value,
            "late_by_s": fired.late_by.total_seconds(),
        }
        await self._traces.promise(
            connection,
            incident,
            row,
            event.value.partition(".")[2],
            data,
            actor=audit.SYSTEM,
            now=now,
        )
        await self._traces.tell_promise(connection, incident, row, event, rank=rank, now=now)
        return None

    async def _set_timers(
        self, connection: AsyncConnection, row: PromiseRow, *, now: datetime
    ) -> None:
        if row.due_at is None:
            return
        began = row.made_at or now
        instants = {
            WARN: max(now, began + (row.due_at - began) * WARNED_AT),
            DUE: row.due_at,
            ESCALATE: row.due_at + ESCALATED_AFTER,
        }
        for kind, due_at in instants.items():
            # Without the incident's id: its closing cancels what carries that.
            spec = TimerSpec(
                kind=kind,
                subject_type=SUBJECT,
                subject_id=row.id,
                due_at=due_at,
                payload={"incident": row.incident_id},
            )
            await self._timers.set(connection, spec, now=now)


def unassigned(rows: Sequence[PromiseRow], *, now: datetime) -> tuple[tuple[str, str], ...]:
    """What keeps promises from being made: no owner, no date, or a date that has passed."""
    found = []
    for row in rows:
        if row.state is not PromiseState.PROPOSED:
            continue
        said = f"the promise {row.text!r} ({row.id})"
        if row.owner is None:
            found.append((f"promises.{row.id}.owner", f"{said} has no owner"))
        if row.due_at is None:
            found.append((f"promises.{row.id}.due_at", f"{said} has no date"))
        elif row.due_at <= now:
            found.append((f"promises.{row.id}.due_at", f"{said} is due in the past"))
    return tuple(found)
