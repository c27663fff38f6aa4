"""From posts to crises that are over: how many came how far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.db import Database
from service.db.tables import incident, step
from service.incidents import Kind
from service.incidents.lifecycle import State
from service.indicators.records import FIRST_ANSWER
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.stores import PostQuery, PostStore

_NOTHING = frozenset({State.FALSE_POSITIVE.value, State.MERGED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Each number is a part of the one before it, but posts, which are posts.

    `alerts` are the crises that were opened in the window, drills apart, whatever became of them;
    `incidents` those that were no false alarm and not merged into another; `answered` those of
    them whose step `first_response` is done, `contained` the answered ones that are contained.
    `unanswered` incidents were contained without an answer.
    """

    posts: int
    alerts: int
    incidents: int
    answered: int
    contained: int
    unanswered: int


class Funnels:
    """Reads both databases; changes nothing."""

    def __init__(self, *, database: Database, store: PostStore, surroundings: Surroundings) -> None:
        self._database = database
        self._store = store
        self._surroundings = surroundings

    async def of(self, actor: Principal, monitor_id: str, window: Window) -> Funnel:
        """The monitor's window. Raises Forbidden, NotFound for the monitor, StoreError."""
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        await self._surroundings.monitor(monitor_id)
        query = PostQuery(monitors=(monitor_id,), since=window.since, until=window.until)
        posts = await self._store.count(query)
        async with self._database.read() as connection:
            return await _funnel(connection, monitor_id, window, posts=posts)


async def _funnel(
    connection: AsyncConnection, monitor_id: str, window: Window, *, posts: int
) -> Funnel:
    answer = (
        select(step.c.done_at)
        .where(step.c.incident_id == incident.c.id, step.c.step_id == FIRST_ANSWER)
        .where(step.c.state == "done")
        .limit(1)
        .scalar_subquery()
    )
    rows = await connection.execute(
        select(incident.c.state, incident.c.contained_at, answer.label("answered_at")).where(
            incident.c.kind == Kind.CRISIS.value,
            incident.c.drill.is_(False),
            incident.c.monitor_id == monitor_id,
            incident.c.opened_at >= window.since,
            incident.c.opened_at < window.until,
        )
    )
    found = rows.all()
    real = [row for row in found if row.state not in _NOTHING]
    answered = [row for row in real if row.answered_at is not None]
    return Funnel(
        posts=posts,
        alerts=len(found),
        incidents=len(real),
        answered=len(answered),
        contained=sum(row.contained_at is not None for row in answered),
        unanswered=sum(row.contained_at is not None and row.answered_at is None for row in real),
    )
