"""What people do with promises: name an owner and a date, move the date, show that it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, IllegalTransition, InvalidInput
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.reading import keep_reading
from service.statements import lifecycle, promise_rows, repository
from service.statements.access import require, sees_private
from service.statements.ledger import Ledger
from service.statements.model import PromiseFilter, PromiseRow, PromiseSort, PromiseState
from service.statements.traces import Traces

_OWNER_MAX, _SAID_MAX = 64, 5_000
_LATEST = timedelta(days=3_650)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: AsyncConnection
    incident: Incident
    row: PromiseRow
    now: datetime


class PromiseDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(self, *, database: Database, clock: Clock, ledger: Ledger, traces: Traces) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._traces = traces

    async def page(
        self,
        principal: Principal,
        wanted: PromiseFilter,
        *,
        sort: PromiseSort = PromiseSort.DUE,
        after: repository.Position | None = None,
        limit: int = 50,
    ) -> tuple[PromiseRow, ...]:
        """Promises of incidents that they may see. Raises NotFound for no such incident."""
        principal.require(Action.READ, Resource.STATEMENT)
        private = wanted.incident_id is not None and sees_private(principal)
        wanted = replace(wanted, within=principal.monitors, private=private)
        incident: Incident | None = None
        now = self._clock.now()
        async with self._database.read() as connection:
            if wanted.incident_id is not None:
                incident = await incident_rows.get(connection, wanted.incident_id)
                require(principal, Action.READ, incident)
            found = await promise_rows.page(
                connection, wanted, sort=sort, after=after, limit=limit, now=now
            )
        if incident is not None:
            await keep_reading(self._database, principal, incident, now=now)
        return found

    async def get(self, principal: Principal, promise_id: str) -> PromiseRow:
        """One promise. Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.STATEMENT)
        async with self._database.read() as connection:
            row = await promise_rows.get(connection, promise_id)
            incident = await incident_rows.get(connection, row.incident_id)
            require(principal, Action.READ, incident)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return row

    async def assign(
        self,
        principal: Principal,
        promise_id: str,
        *,
        owner: str | None = None,
        due_at: datetime | None = None,
        reason: str | None = None,
        version: int | None = None,
    ) -> PromiseRow:
        """Name the owner and the date; what is None stays.

        Another date of what was submitted takes the approvals anew: people approved the old one.
        Of a promise that is out only those who approve move the date, with a reason. Raises
        InvalidInput, Conflict, Forbidden.
        """
        principal.require(Action.EDIT, Resource.STATEMENT)
        _check(owner, due_at, reason)
        async with self._opened(principal, promise_id, version) as opened:
            row, now = opened.row, opened.now
            if row.state in (PromiseState.KEPT, PromiseState.DROPPED):
                raise IllegalTransition(f"promise {row.id} is {row.state.value}; it stays as it is")
            if due_at is not None and due_at <= now:
                raise InvalidInput(
                    "a promise falls due later", errors=[("due_at", "that has passed")]
                )
            if due_at is not None and due_at - now > _LATEST:
                raise InvalidInput(
                    "a promise falls due sooner",
                    errors=[("due_at", f"within {_LATEST.days // 365} years")],
                )
            moved = due_at is not None and due_at != row.due_at
            if moved and row.state is PromiseState.OPEN:
                principal.require(
                    Action.APPROVE, Resource.STATEMENT, monitor=opened.incident.monitor_id
                )
                if reason is None or not reason.strip():
                    raise InvalidInput(
                        "the date of a promise in public is moved with a reason",
                        errors=[("reason", "say why")],
                    )
            changed = await self._ledger.assign(
                opened.connection, row, owner=owner and owner.strip(), due_at=due_at, now=now
            )
            if moved and row.state is PromiseState.PROPOSED:
                await self._reconsider(opened, principal)
            data: dict[str, object] = {
                "owner": changed.owner,
                "due_at": changed.due_at and changed.due_at.isoformat(),
                "was_due_at": row.due_at and row.due_at.isoformat(),
                "reason": reason,
            }
            await self._trace(opened, changed, "assigned", data, principal)
            return changed

    async def keep(
        self, principal: Principal, promise_id: str, *, evidence: str, version: int | None = None
    ) -> PromiseRow:
        """It is kept, and `evidence` (words or an address) shows it. Raises Conflict, Forbidden."""
        principal.require(Action.EDIT, Resource.STATEMENT)
        if not 1 <= len(evidence.strip()) <= _SAID_MAX:
            raise InvalidInput(
                "a promise is kept with evidence",
                errors=[("evidence", f"1 to {_SAID_MAX} characters")],
            )
        async with self._opened(principal, promise_id, version) as opened:
            row = opened.row
            if row.state is not PromiseState.OPEN:
                raise IllegalTransition(
                    f"promise {row.id} is {row.state.value}; only an open one is kept"
                )
            kept = await self._ledger.keep(
                opened.connection,
                opened.incident,
                row,
                evidence=evidence.strip(),
                actor=principal.id,
                now=opened.now,
            )
            await self._trace(opened, kept, "kept", {"evidence": kept.evidence}, principal)
            return kept

    async def _reconsider(self, opened: _Opened, principal: Principal) -> None:
        connection, now = opened.connection, opened.now
        statement = await repository.get(connection, opened.row.statement_id, locked=True)
        before = await repository.standing(connection, statement)
        after = lifecycle.reconsider(before)
        if after == before:
            return
        voided = await repository.void_approvals(
            connection, statement.id, reason="a promise has another date", now=now
        )
        changed = await repository.change(
            connection, statement, now=now, state=after.state.value, approved_at=None
        )
        await self._traces.statement(
            connection,
            opened.incident,
            changed,
            "reconsidered",
            {"promise": opened.row.id, "voided": voided},
            actor=principal.id,
            now=now,
            tell=True,
        )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, promise_id: str, version: int | None
    ) -> AsyncIterator[_Opened]:
        async with self._database.write() as connection:
            row = await promise_rows.get(connection, promise_id)
            incident = await incident_rows.get(connection, row.incident_id)
            require(principal, Action.EDIT, incident)
            # The statement first, as a save does: in another order two wait for each other.
            await repository.get(connection, row.statement_id, locked=True)
            row = await promise_rows.get(connection, promise_id, locked=True)
            if version is not None and version != row.version:
                due = row.due_at.isoformat() if row.due_at else "no date"
                raise Conflict(
                    f"promise {row.id} has changed since version {version}: it is "
                    f"{row.state.value}, owner {row.owner or 'nobody'}, {due}, "
                    f"version {row.version}"
                )
            yield _Opened(connection=connection, incident=incident, row=row, now=self._clock.now())

    async def _trace(
        self,
        opened: _Opened,
        row: PromiseRow,
        deed: str,
        data: dict[str, object],
        principal: Principal,
    ) -> None:
        await self._traces.promise(
            opened.connection,
            opened.incident,
            row,
            deed,
            data,
            actor=principal.id,
            now=opened.now,
        )


def _check(owner: str | None, due_at: datetime | None, reason: str | None) -> None:
    problems = []
    if owner is None and due_at is None:
        problems.append(("owner", "give an owner or a date"))
    if owner is not None and not 1 <= len(owner.strip()) <= _OWNER_MAX:
        problems.append(("owner", f"1 to {_OWNER_MAX} characters"))
    if reason is not None and len(reason) > _SAID_MAX:
        problems.append(("reason", f"at most {_SAID_MAX} characters"))
    if problems:
        raise InvalidInput("this promise cannot be assigned", errors=problems)
