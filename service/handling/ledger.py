"""What people enter of a crisis's cost: hours of a role, what a promise costs, what was lost.

Entries are kept on the timeline of the incident and in the audit trail; nothing is written over:
what was wrong is withdrawn, with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.schema import Role
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.db.storable import storable
from service.errors import Conflict, InvalidInput, NotFound
from service.handling import spending
from service.handling.cost import Cost, CostKind, Entry, cost_of
from service.handling.pricing import Pricing
from service.incidents import Incident, Kind, State
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.trail import trace
from service.risks import RateBook
from service.risks.money import Money, money_json, money_mistake
from service.statements import PromiseState, promise_rows

HOURS = r"[0-9]{1,5}(\.[0-9]{1,2})?"
_NOTE_MAX = 500
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDraft:
    """`role` and `hours` of hours, `money` of the others, `promise` of compensation."""

    kind: CostKind
    role: str | None = None
    hours: Decimal | None = None
    money: Money | None = None
    promise: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFile:
    """What an incident cost, and what people entered of it."""

    incident_id: str
    entries: tuple[Entry, ...]
    cost: Cost


class CostLedger:
    """The one door for people."""

    def __init__(
        self, *, database: Database, clock: Clock, pricing: Pricing, rates: RateBook
    ) -> None:
        self._database = database
        self._clock = clock
        self._pricing = pricing
        self._rates = rates

    async def of(self, principal: Principal, incident_id: str) -> CostFile:
        """The cost of one crisis. Raises NotFound, Forbidden, InvalidInput for what has none."""
        principal.require(Action.READ, Resource.INCIDENT)
        async with self._database.read() as connection:
            incident = await self._counted(connection, principal, incident_id, Action.READ)
            return await self._file(connection, incident)

    async def enter(self, principal: Principal, incident_id: str, draft: CostDraft) -> CostFile:
        """Add an entry. Hours and losses add up; of a promise the last amount counts.

        Raises NotFound, Forbidden, InvalidInput with every mistake, Conflict for too many.
        """
        principal.require(Action.WORK, Resource.INCIDENT)
        now = self._clock.now()
        async with self._database.write() as connection:
            incident = await self._counted(connection, principal, incident_id, Action.WORK)
            await self._check(connection, incident, draft, today=self._rates.day_of(now))
            if len((await self._file(connection, incident)).entries) >= _MOST:
                raise Conflict(
                    f"incident {incident.id} has {_MOST} entries of cost: withdraw some, and enter "
                    "their sum"
                )
            kept = _kept(draft)
            await self._trace(connection, incident, spending.ENTERED, kept, principal, now=now)
            return await self._file(connection, incident)

    async def withdraw(
        self, principal: Principal, incident_id: str, entry_id: int, *, reason: str
    ) -> CostFile:
        """Take an entry out of the sum; it stays on the timeline. Raises NotFound, InvalidInput."""
        principal.require(Action.WORK, Resource.INCIDENT)
        if not 0 < len(reason.strip()) <= _NOTE_MAX:
            raise InvalidInput(
                "an entry is withdrawn with a reason",
                errors=[("reason", f"1 to {_NOTE_MAX} characters")],
            )
        now = self._clock.now()
        async with self._database.write() as connection:
            incident = await self._counted(connection, principal, incident_id, Action.WORK)
            entries = (await self._file(connection, incident)).entries
            if entry_id not in {entry.id for entry in entries}:
                raise NotFound(
                    f"incident {incident.id} has no entry of cost {entry_id} that counts"
                )
            data = {"entry": entry_id, "reason": storable(reason.strip())}
            await self._trace(connection, incident, spending.WITHDRAWN, data, principal, now=now)
            return await self._file(connection, incident)

    async def _counted(
        self, connection: AsyncConnection, principal: Principal, incident_id: str, action: Action
    ) -> Incident:
        """The incident, if what it cost is counted anywhere."""
        incident = await incident_rows.get(connection, incident_id)
        require(principal, action, incident)
        why = _uncounted(incident)
        if why is not None:
            raise InvalidInput(f"incident {incident.id} has no cost of its own: {why}")
        return incident

    async def _file(self, connection: AsyncConnection, incident: Incident) -> CostFile:
        works = await spending.works_of(
            connection, {incident.id: incident.opened_at}, (tables.incident.c.id == incident.id,)
        )
        work = works[incident.id]
        cost = cost_of(
            work,
            pricing=self._pricing,
            rates=await self._rates.load(connection),
            day_of=self._rates.day_of,
        )
        return CostFile(incident_id=incident.id, entries=tuple(work.entries), cost=cost)

    async def _check(
        self, connection: AsyncConnection, incident: Incident, draft: CostDraft, *, today: date
    ) -> None:
        wrong = _mistakes(draft)
        if draft.money is not None and not wrong:
            missing = (await self._rates.load(connection)).missing(draft.money, today)
            wrong += [("currency", missing)] if missing else []
        if draft.promise is not None and not wrong:
            wrong += await _promise_mistakes(connection, incident, draft.promise)
        if wrong:
            raise InvalidInput("this is no entry of cost", errors=wrong)

    async def _trace(
        self,
        connection: AsyncConnection,
        incident: Incident,
        kind: str,
        data: dict[str, Any],
        principal: Principal,
        *,
        now: datetime,
    ) -> None:
        await trace(connection, incident.id, kind, data, now=now, actor=principal.id)


def _uncounted(incident: Incident) -> str | None:
    if incident.kind is not Kind.CRISIS:
        return "it is no crisis"
    if incident.drill:
        return "it is a drill"
    if incident.state is State.FALSE_POSITIVE:
        return "it was a false alarm"
    if incident.state is State.MERGED:
        return f"it was merged into {incident.merged_into}; enter it there"
    return None


def _mistakes(draft: CostDraft) -> list[tuple[str, str]]:
    """What is missing, what does not belong there, and what is no amount."""
    of_hours = draft.kind is CostKind.HOURS
    needed = {
        "role": of_hours,
        "hours": of_hours,
        "amount": not of_hours,
        "promise": draft.kind is CostKind.COMPENSATION,
    }
    given = {
        "role": draft.role,
        "hours": draft.hours,
        "amount": draft.money,
        "promise": draft.promise,
    }
    wrong = []
    for name, is_needed in needed.items():
        if is_needed != (given[name] is not None):
            said = "needs it" if is_needed else "has none"
            wrong.append((name, f"an entry of {draft.kind.value} {said}"))
    if wrong:
        return wrong
    roles = [role.value for role in Role]
    if draft.role is not None and draft.role not in roles:
        wrong.append(("role", f"one of {', '.join(roles)}"))
    if draft.hours is not None and not (
        draft.hours.is_finite() and draft.hours > 0 and re.fullmatch(HOURS, f"{draft.hours:f}")
    ):
        wrong.append(("hours", "above zero; at most 5 digits, and 2 behind the point"))
    mistake = None if draft.money is None else money_mistake(draft.money)
    if mistake is not None:
        wrong.append(("amount", mistake))
    if len(draft.note.strip()) > _NOTE_MAX:
        wrong.append(("note", f"at most {_NOTE_MAX} characters"))
    return wrong


async def _promise_mistakes(
    connection: AsyncConnection, incident: Incident, promise_id: str
) -> list[tuple[str, str]]:
    try:
        promise = await promise_rows.get(connection, promise_id)
    except NotFound as error:
        return [("promise", error.detail)]
    merged = await spending.absorbed(connection)
    if merged.get(promise.incident_id, promise.incident_id) != incident.id:
        return [("promise", f"{promise.id} is of another incident")]
    if promise.kind.value not in spending.PAID:
        return [("promise", f"{promise.id} promises no money, but a {promise.kind.value}")]
    if promise.state is PromiseState.DROPPED:
        return [("promise", f"{promise.id} was dropped before it was made")]
    return []


def _kept(draft: CostDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind.value,
        "role": draft.role,
        "hours": None if draft.hours is None else f"{draft.hours:f}",
        "money": None if draft.money is None else money_json(draft.money),
        "promise": draft.promise,
        "note": storable(draft.note.strip()),
    }
