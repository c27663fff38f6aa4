"""Similar past incidents, and what came of them: how long, what was said, what was late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.causes import CauseFinder, load_causes
from service.auth import Principal
from service.auth.roles import Action as Permission
from service.cases.likeness import Likeness, Traits, likeness
from service.clock import Clock
from service.db import Database, tables
from service.incidents import Incident, Kind, State
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reading import keep_reading

CANDIDATES = 300
"""Past incidents that are compared, the newest first."""
_READ_CLOSELY = 20
"""Those whose texts are read for causes, the likest by all else."""
_TEXTS = 30
"""Frozen texts of one incident that are read."""
REVIEW_STEP = "five_why_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an incident. `handling` is from its opening to its end, to closing if closed.

    `review` is what the review of causes and improvements says, None where nobody wrote one.
    """

    handling: timedelta | None
    acknowledged_after: timedelta | None
    statements: tuple[Mapping[str, Any], ...]
    breached: tuple[Mapping[str, Any], ...]
    review: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    incident: Incident
    likeness: Likeness
    outcome: Outcome


class Precedents:
    """Finds what an incident is like among those that are over."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ranks: int,
        causes: Callable[[], CauseFinder] = load_causes,
    ) -> None:
        """`ranks` is how many tiers there are."""
        self._database = database
        self._clock = clock
        self._ranks = ranks
        self._causes = causes

    async def like(
        self, principal: Principal, incident_id: str, *, limit: int = 5
    ) -> tuple[Precedent, ...]:
        """The likest resolved or closed crises opened before it, in sight; drills never count.

        Raises NotFound, Forbidden. An incident of another kind has none.
        """
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            found: list[Precedent] = []
            if incident.kind is Kind.CRISIS:
                found = await self._likest(connection, principal, incident, limit=limit)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return tuple(found)

    async def _likest(
        self, connection: AsyncConnection, principal: Principal, incident: Incident, *, limit: int
    ) -> list[Precedent]:
        wanted = incident_rows.IncidentFilter(
            states=(State.RESOLVED, State.CLOSED),
            kinds=(Kind.CRISIS,),
            drill=False,
            opened_until=incident.opened_at,
            within=principal.monitors,
        )
        past = {
            item.id: item
            for item in await incident_rows.newest(
                connection, wanted, before=None, limit=CANDIDATES
            )
        }
        traits = await _traits(connection, [incident, *past.values()])
        mine = traits.pop(incident.id)
        first = sorted(traits.values(), key=lambda item: self._order(mine, item))
        mine = await self._with_causes(connection, mine)
        close = [await self._with_causes(connection, item) for item in first[:_READ_CLOSELY]]
        close.sort(key=lambda item: self._order(mine, item))
        return [
            Precedent(
                incident=past[item.incident_id],
                likeness=likeness(mine, item, ranks=self._ranks),
                outcome=await _outcome(connection, past[item.incident_id]),
            )
            for item in close[:limit]
        ]

    def _order(self, mine: Traits, other: Traits) -> tuple[float, str]:
        return -likeness(mine, other, ranks=self._ranks).score, other.incident_id

    async def _with_causes(self, connection: AsyncConnection, traits: Traits) -> Traits:
        """The causes that its frozen texts name."""
        table = tables.incident_post
        rows = await connection.execute(
            select(table.c.snapshot)
            .where(table.c.incident_id == traits.incident_id, table.c.not_about_us.is_(False))
            .order_by(table.c.at, table.c.post_id)
            .limit(_TEXTS)
        )
        finder = self._causes()
        named = {
            cause for row in rows for cause in finder.find(str(row.snapshot.get("text") or ""))
        }
        return replace(traits, causes=frozenset(named))


async def _traits(connection: AsyncConnection, incidents: Sequence[Incident]) -> dict[str, Traits]:
    """All but the causes, by incident."""
    ids = [item.id for item in incidents]
    monitor = tables.monitor
    rows = await connection.execute(select(monitor.c.id, monitor.c.brand_id))
    brands = {row.id: row.brand_id for row in rows}
    terms: dict[str, frozenset[str]] = {}
    tier = tables.incident_tier
    told = await connection.execute(
        select(tier.c.incident_id, tier.c.explanation)
        .where(tier.c.incident_id.in_(ids), tier.c.explanation.is_not(None))
        .order_by(tier.c.id)
    )
    for row in told:
        found = (row.explanation or {}).get("terms")
        if found:
            terms[row.incident_id] = frozenset(str(item["term"]) for item in found)
    return {
        item.id: Traits(
            incident_id=item.id,
            scenario=item.scenario,
            tier_rank=item.tier_rank,
            brand=brands.get(item.monitor_id) or item.monitor_id,
            terms=terms.get(item.id, frozenset()),
        )
        for item in incidents
    }


async def _outcome(connection: AsyncConnection, incident: Incident) -> Outcome:
    step, statement = tables.step, tables.statement
    steps = await connection.execute(
        select(step).where(step.c.incident_id == incident.id).order_by(step.c.position)
    )
    rows = list(steps.mappings())
    said = await connection.execute(
        select(
            statement.c.id,
            statement.c.kind,
            statement.c.title,
            statement.c.template,
            statement.c.published_at,
        )
        .where(statement.c.incident_id == incident.id, statement.c.published_at.is_not(None))
        .order_by(statement.c.published_at, statement.c.id)
    )
    return Outcome(
        handling=_since(incident.opened_at, incident.closed_at or incident.resolved_at),
        acknowledged_after=_since(incident.opened_at, incident.acknowledged_at),
        statements=tuple(dict(row) for row in said.mappings()),
        breached=tuple(
            {"id": row["step_id"], "title": row["title"], "at": row["breached_at"]}
            for row in rows
            if row["breached_at"] is not None
        ),
        review=next((row["note"] for row in rows if row["step_id"] == REVIEW_STEP), None),
    )


def _since(start: datetime, end: datetime | None) -> timedelta | None:
    return None if end is None else end - start
