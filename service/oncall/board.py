"""What people see of paging: an incident's escalations and pages, and who is on when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.auth.roles import Action as Permission
from service.clock import Clock
from service.db import Database, tables
from service.errors import InvalidInput, NotFound
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reading import keep_reading
from service.oncall import escalations
from service.oncall.books import load_roster
from service.oncall.chains import ChainBook
from service.oncall.escalation import Escalation
from service.oncall.escalation_timers import LEASE, STEP, SUBJECT
from service.oncall.model import ChainDraft, RotaDraft, Target, TargetKind, in_reach
from service.oncall.rehearsal import RehearsedStep, rehearse
from service.oncall.roster import Calls, calls_for
from service.oncall.shifts import OnDuty, Shift, shifts, who_is_on
from service.oncall.silence import Silence
from service.oncall.silence_rows import silence_of
from service.timers import TimerState, timer_id

LONGEST_VIEW = timedelta(days=92)
_EVERY_CHANNEL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page, and where it has gone: each delivery's state by channel."""

    id: str
    at: datetime
    why: str
    persons: tuple[str, ...]
    withdrawn_at: datetime | None
    deliveries: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationFile:
    """The paging of an incident. `next_page_at` and `lease_until` are of the one that is alive.

    `pages` are the newest, in order; `pages_total` is how many there are.
    """

    incident: Incident
    escalations: tuple[Escalation, ...]
    pages: tuple[PageRow, ...]
    pages_total: int
    next_page_at: datetime | None
    lease_until: datetime | None
    silence: Silence | None


class OncallBoard:
    """Reads; nothing here pages anybody."""

    def __init__(self, *, database: Database, clock: Clock, chains: ChainBook) -> None:
        self._database = database
        self._clock = clock
        self._chains = chains

    async def file(
        self, principal: Principal, incident_id: str, *, limit: int = 200
    ) -> EscalationFile:
        """With the newest `limit` pages. Raises NotFound, Forbidden.

        Reading that of a private incident is audited.
        """
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            found = await escalations.of_incident(connection, incident_id)
            live = next((item for item in found if not item.is_over), None)
            lease_at = await _due(connection, live, LEASE)
            file = EscalationFile(
                incident=incident,
                escalations=found,
                pages=await _pages(connection, incident_id, limit=limit),
                pages_total=await _count(connection, incident_id),
                next_page_at=await _due(connection, live, STEP),
                lease_until=None
                if live is None or lease_at is None
                else max(lease_at, (live.held_at or live.started_at) + live.lease),
                silence=await silence_of(
                    connection, incident, gravest=self._chains.gravest, now=self._clock.now()
                ),
            )
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return file

    async def on_duty(
        self, principal: Principal, rota_id: str, *, at: datetime | None = None
    ) -> OnDuty:
        """Who is on now, or at an instant. Raises NotFound, Forbidden."""
        rota = await self._rota(principal, rota_id)
        return who_is_on(rota, _reckonable("at", at or self._clock.now()))

    async def shifts(
        self, principal: Principal, rota_id: str, *, since: datetime | None, until: datetime | None
    ) -> tuple[Shift, ...]:
        """Who is on from `since` (None: now) to `until` (None: two weeks later), gaps included.

        Raises NotFound, Forbidden, InvalidInput for a span that is empty or longer than 92 days.
        """
        rota = await self._rota(principal, rota_id)
        begin = _reckonable("since", since or self._clock.now())
        end = _reckonable("until", until or begin + timedelta(days=14))
        if not begin < end <= begin + LONGEST_VIEW:
            raise InvalidInput(
                "no such span", errors=[("until", f"after `since`, by {LONGEST_VIEW.days} days")]
            )
        return shifts(rota, begin, end)

    async def rehearse(
        self, principal: Principal, tier: str, *, at: datetime | None = None, minutes: int = 30
    ) -> tuple[ChainDraft, tuple[RehearsedStep, ...]]:
        """The chain of a tier, and whom it would page in that time if nobody answered.

        `at` is when the incident would open (None: now). Nobody is paged. Raises Forbidden, and
        NotFound for a tier that is not there.
        """
        principal.require(Action.READ, Resource.CHAIN)
        if tier not in self._chains.ids:
            raise NotFound(f"no tier {tier}; there are {', '.join(self._chains.ids)}")
        begins_at = _reckonable("at", at or self._clock.now())
        async with self._database.read() as connection:
            chain = await self._chains.of(connection, tier)
            roster = await load_roster(connection, drill=False)
        until = begins_at + timedelta(minutes=minutes)
        return chain, rehearse(chain, roster, begins_at=begins_at, until=until)

    async def stand_ins(
        self, principal: Principal, wanted: Iterable[tuple[str, datetime]]
    ) -> Mapping[tuple[str, datetime], tuple[Calls, Calls | None]]:
        """Who stands for a playbook role at an instant, and their deputy if any, for each pair.

        At all their channels, quiet or not. Raises Forbidden.
        """
        principal.require(Action.READ, Resource.DUTY)
        async with self._database.read() as connection:
            roster = await load_roster(connection, drill=False)
        found: dict[tuple[str, datetime], tuple[Calls, Calls | None]] = {}
        for role, at in wanted:
            called = partial(calls_for, roster, at=at, reach=_EVERY_CHANNEL, ignores_quiet=True)
            duty = roster.duties.get(role)
            deputy = None if duty is None or duty.deputy is None else called((duty.deputy,))
            found[role, at] = called((Target(kind=TargetKind.ROLE, id=role),)), deputy
        return found

    async def _rota(self, principal: Principal, rota_id: str) -> RotaDraft:
        principal.require(Action.READ, Resource.ROTA)
        async with self._database.read() as connection:
            rota = (await load_roster(connection)).rotas.get(rota_id)
        if rota is None:
            raise NotFound(f"no rota {rota_id}")
        return rota


def _reckonable(path: str, at: datetime) -> datetime:
    if not in_reach(at.year):
        raise InvalidInput("no such span", errors=[(path, "a year from 2000 to 2200")])
    return at


async def _due(
    connection: AsyncConnection, escalation: Escalation | None, kind: str
) -> datetime | None:
    if escalation is None:
        return None
    table = tables.timer
    due_at: datetime | None = await connection.scalar(
        select(table.c.due_at).where(
            table.c.id == timer_id(SUBJECT, escalation.id, kind),
            table.c.state == TimerState.PENDING.value,
        )
    )
    return due_at


async def _count(connection: AsyncConnection, incident_id: str) -> int:
    page = tables.page
    query = select(func.count()).select_from(page).where(page.c.incident_id == incident_id)
    return int(await connection.scalar(query) or 0)


async def _pages(
    connection: AsyncConnection, incident_id: str, *, limit: int
) -> tuple[PageRow, ...]:
    page, delivery = tables.page, tables.delivery
    newest = await connection.execute(
        select(page)
        .where(page.c.incident_id == incident_id)
        .order_by(page.c.at.desc(), page.c.id.desc())
        .limit(limit)
    )
    rows = newest.all()[::-1]
    gone: dict[str, dict[str, Any]] = {}
    for row in await connection.execute(
        select(delivery.c.outbox_id, delivery.c.channel_id, delivery.c.state)
        .where(delivery.c.outbox_id.in_([row.id for row in rows]))
        .order_by(delivery.c.channel_id)
    ):
        gone.setdefault(row.outbox_id, {})[row.channel_id] = row.state
    return tuple(
        PageRow(
            id=row.id,
            at=row.at,
            why=row.why,
            persons=tuple(row.persons),
            withdrawn_at=row.withdrawn_at,
            deliveries=gone.get(row.id, {}),
        )
        for row in rows
    )
