"""What the pages ask of the state database beyond the desks: cheap questions, asked often."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.bootstrap import Container
from service.clock import Clock
from service.db import Database, tables
from service.errors import NotFound

SYSTEM = "system"
_FRESH_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Differs as soon as an incident, its steps or its timeline have changed."""

    event: int
    changed: str
    incidents: int


class Pulse:
    """Whether anything has changed, for every open page at the price of one query.

    Asks the database, not this process: on PostgreSQL another replica may have written.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._asked_at = float("-inf")
        self._stamp = Stamp(event=0, changed="", incidents=0)

    async def stamp(self) -> Stamp:
        """The stamp of now, at most 0.3 s old."""
        if self._clock.monotonic() - self._asked_at >= _FRESH_S:
            self._asked_at = self._clock.monotonic()
            async with self._database.read() as connection:
                self._stamp = await _stamp(connection)
        return self._stamp


async def _stamp(connection: AsyncConnection) -> Stamp:
    event = await connection.scalar(select(func.max(tables.incident_event.c.id)))
    row = (
        await connection.execute(
            select(func.max(tables.incident.c.updated_at), func.count()).select_from(
                tables.incident
            )
        )
    ).one()
    return Stamp(event=event or 0, changed=str(row[0]), incidents=row[1])


async def overdue_steps(database: Database, incident_ids: list[str]) -> dict[str, int]:
    """How many steps of each incident are late and still to be done; none where there is none."""
    step = tables.step.c
    async with database.read() as connection:
        rows = await connection.execute(
            select(step.incident_id, func.count())
            .where(step.incident_id.in_(incident_ids), step.state == "breached")
            .group_by(step.incident_id)
        )
        return {row[0]: row[1] for row in rows}


class Names:
    """Names of people by the id that incidents keep; a name never changes, so it is read once."""

    def __init__(self, container: Container) -> None:
        self._users = container.users
        self._known: dict[str, str] = {}

    async def learn(self, *actors: str | None) -> None:
        """Look up those that are not known yet; whoever is no user keeps their id."""
        for actor in actors:
            if actor is None or actor == SYSTEM or actor in self._known:
                continue
            try:
                self._known[actor] = (await self._users.get(actor)).name
            except NotFound:
                self._known[actor] = actor

    def of(self, actor: str) -> str:
        """The name, once learnt."""
        return self._known.get(actor, actor)
