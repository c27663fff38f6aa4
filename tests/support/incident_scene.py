"""Incidents with their real runs, timers, audit and outbox on one database, moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import DeadlineKind, Library, load_library
from service.auth import Principal, PrincipalKind, Role
from service.db import Database, tables
from service.incidents import Evidence, Incident, Incidents, Kind, Opening, repository
from service.incidents.desk import IncidentDesk
from service.incidents.lifecycle import Action
from service.jobs import advance
from service.response import Effects, ResponseDesk, Responses, StepRow, timer_kind
from service.response import repository as run_rows
from service.timers import TimerEngine, Timers
from tests.support.clock import SteppingClock

PUBLIC_URL = "https://fengsui.example"
TRACES = (
    tables.incident_tier,
    tables.incident_event,
    tables.incident_post,
    tables.audit_entry,
    tables.outbox,
    tables.timer,
    tables.run,
    tables.step,
)
"""Every table that an action on an incident may leave a row in, but the incident's own."""


@cache
def shipped_library() -> Library:
    """The playbooks that ship, loaded once for all tests."""
    return load_library()


def person(name: str, *roles: Role, monitors: frozenset[str] | None = None) -> Principal:
    """A user of those roles."""
    return Principal(
        id=f"usr_{name}",
        kind=PrincipalKind.USER,
        name=name,
        roles=frozenset(roles),
        monitors=monitors,
    )


LEAD = person("lin", Role.LEAD)
RESPONDER = person("rui", Role.RESPONDER)
VIEWER = person("wei", Role.VIEWER)
LEGAL = person("fa", Role.LEGAL)


def evidence(number: int, *, at: datetime, text: str = "杯子漏水") -> Evidence:
    """A frozen post."""
    return Evidence(
        post_id=f"post{number}",
        at=at,
        copy_group=f"group{number}",
        snapshot={"text": text},
        sha256=f"{number:064x}",
    )


class BreakingIncidents(Incidents):
    """Does what it is asked, then fails: for seeing that nothing of it stays."""

    async def _tell(self, *arguments: Any, **named: Any) -> None:
        await super()._tell(*arguments, **named)
        raise ConnectionError("the line broke")


class IncidentScene:
    """The line from an incident to its timers; every method is one transaction."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        self.database = database
        self.clock = clock
        self.library = shipped_library()
        self.timers = Timers()
        self.responses = Responses(
            library=self.library, effects=Effects(timers=self.timers, public_url=PUBLIC_URL)
        )
        self.incidents = Incidents(reactions=self.responses, public_url=PUBLIC_URL)
        self.engine = TimerEngine(
            database,
            clock=clock,
            owner="test",
            handlers={timer_kind(kind): self.responses.deadline_passed for kind in DeadlineKind},
            recheck=None,
        )
        self.desk = IncidentDesk(
            database=database, clock=clock, incidents=self.incidents, library=self.library
        )
        self.response_desk = ResponseDesk(database=database, clock=clock, responses=self.responses)

    def broken(self) -> IncidentDesk:
        """A desk whose every action fails at its last instruction."""
        incidents = BreakingIncidents(reactions=self.responses, public_url=PUBLIC_URL)
        return IncidentDesk(
            database=self.database, clock=self.clock, incidents=incidents, library=self.library
        )

    def opening(self, **changes: Any) -> Opening:
        """A yellow quality crisis of three posts, the first of them two minutes old."""
        now = self.clock.now()
        opening = Opening(
            kind=Kind.CRISIS,
            monitor_id="tea",
            scenario="product_quality",
            title="澄屿青柚茶",
            tier="yellow",
            tier_rank=1,
            reasons=({"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10},),
            posts=3,
            first_post_id="post1",
            first_post_at=now - timedelta(minutes=2),
            last_post_at=now,
            evidence=(evidence(1, at=now), evidence(2, at=now)),
        )
        return replace(opening, **changes)

    async def open(self, **changes: Any) -> Incident:
        """Open one now."""
        async with self.database.write() as connection:
            return await self.incidents.open(
                connection, self.opening(**changes), now=self.clock.now()
            )

    @asynccontextmanager
    async def writing(self, incident_id: str) -> AsyncIterator[tuple[AsyncConnection, Incident]]:
        """A transaction and the incident as it is now."""
        async with self.database.write() as connection:
            yield connection, await repository.get(connection, incident_id)

    async def act(self, incident_id: str, *actions: Action, reason: str = "said so") -> Incident:
        """A lead takes one action after the other."""
        for action in actions:
            await self.desk.act(LEAD, incident_id, action, reason=reason)
        return await self.get(incident_id)

    async def get(self, incident_id: str) -> Incident:
        async with self.database.read() as connection:
            return await repository.get(connection, incident_id)

    async def steps(self, incident_id: str) -> dict[str, StepRow]:
        async with self.database.read() as connection:
            return {row.step_id: row for row in await run_rows.steps_of(connection, incident_id)}

    async def due_times(self, incident_id: str) -> dict[str, datetime | None]:
        return {name: row.due_at for name, row in (await self.steps(incident_id)).items()}

    async def pending_timers(self) -> set[str]:
        """Steps that still have a timer."""
        rows = await self.rows(tables.timer)
        return {row["payload"]["step"] for row in rows if row["state"] == "pending"}

    async def rows(self, table: Table) -> list[Mapping[str, Any]]:
        async with self.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    async def kinds(self) -> list[str]:
        """The timeline's kinds, in order."""
        rows = await self.rows(tables.incident_event)
        return [row["kind"] for row in sorted(rows, key=lambda row: int(row["id"]))]

    async def told(self) -> list[str]:
        """The types of what is in the outbox, sorted."""
        return sorted(row["type"] for row in await self.rows(tables.outbox))

    async def count(self, table: Table) -> int:
        async with self.database.read() as connection:
            statement = select(func.count()).select_from(table)
            return int((await connection.execute(statement)).scalar_one())

    async def footprint(self) -> dict[str, int]:
        """How many rows there are of each trace."""
        return {table.name: await self.count(table) for table in TRACES}

    async def pass_time(self, **duration: float) -> None:
        """Let the clock run, firing each timer at its own instant."""
        until = self.clock.now() + timedelta(**duration)
        await advance(self.clock, [self.engine], until)
