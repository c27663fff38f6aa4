"""Timers of reviews and improvements: warn, due, escalate. Who is late hears of it first.

The playbook's own step of the review keeps its clock and its pages. What is told here goes to
those whom the review waits for: its owner, and the leads of departments without a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases.precedents import REVIEW_STEP
from service.db import tables
from service.errors import NotFound
from service.events import EventType
from service.incidents import repository as incident_rows
from service.reviews import items, rows
from service.reviews.lifecycle import UNDONE_ITEMS
from service.reviews.model import Improvement, Review, ReviewState
from service.reviews.telling import Telling, item_details, review_details
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

REVIEW, ITEM = "cause_review", "improvement"
REVIEW_WARN, REVIEW_DUE, REVIEW_ESCALATE = "review.due_soon", "review.due", "review.escalated"
ITEM_WARN, ITEM_DUE, ITEM_ESCALATE = (
    "improvement.due_soon",
    "improvement.due",
    "improvement.escalated",
)
WARNED_AT = 0.8
"""Share of the time after which whoever is asked is warned; as for steps and promises."""
REVIEW_ESCALATED_AFTER = timedelta(days=1)
ITEM_ESCALATED_AFTER = timedelta(days=3)
_DONE_STEPS = frozenset({"done", "skipped", "cancelled"})


class Clocks:
    """Sets and drops the timers, inside the caller's transaction; the handlers of them."""

    def __init__(self, *, timers: Timers, telling: Telling) -> None:
        self._timers = timers
        self._telling = telling

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {
            **dict.fromkeys((REVIEW_WARN, REVIEW_DUE, REVIEW_ESCALATE), self.review_fired),
            **dict.fromkeys((ITEM_WARN, ITEM_DUE, ITEM_ESCALATE), self.item_fired),
        }

    async def watch_review(
        self, connection: AsyncConnection, review: Review, *, now: datetime
    ) -> None:
        """Timers follow the due time of a review that begins now, or goes on now."""
        warn = now + (review.due_at - now) * WARNED_AT
        instants = {
            REVIEW_WARN: warn,
            REVIEW_DUE: review.due_at,
            REVIEW_ESCALATE: review.due_at + REVIEW_ESCALATED_AFTER,
        }
        await self._set(connection, REVIEW, review.id, instants, now=now)

    async def drop_review(self, connection: AsyncConnection, review_id: str) -> None:
        """Nobody is asked for it any more."""
        await self._timers.cancel(connection, subject=(REVIEW, review_id))

    async def watch_item(
        self, connection: AsyncConnection, item: Improvement, *, now: datetime
    ) -> None:
        """Timers follow the date of an improvement that is not done; others have none."""
        if item.state not in UNDONE_ITEMS:
            await self._timers.cancel(connection, subject=(ITEM, item.id))
            return
        warn = item.timed_from + (item.due_at - item.timed_from) * WARNED_AT
        instants = {
            ITEM_WARN: warn,
            ITEM_DUE: item.due_at,
            ITEM_ESCALATE: item.due_at + ITEM_ESCALATED_AFTER,
        }
        await self._set(connection, ITEM, item.id, instants, now=now)

    async def review_fired(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: the review waits for its owner, or for departments."""
        try:
            review = await rows.get(connection, fired.subject_id, locked=True, wait=False)
        except NotFound:
            return Stale.SUBJECT_GONE
        step = await _step_state(connection, review.incident_id)
        if review.state is not ReviewState.OPEN or step in _DONE_STEPS:
            return Stale.NO_LONGER_DUE
        involved = await rows.involved(connection, review.id)
        awaited = [item.department_id for item in involved if item.is_awaited]
        await self._say(
            connection,
            review.incident_id,
            fired,
            [review.owner, *(await _leads(connection, awaited))],
            review_details(review, awaited),
            everybody=fired.kind == REVIEW_ESCALATE,
        )
        return None

    async def item_fired(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: an improvement is to be done; escalated, its department's lead hears."""
        try:
            item = await items.get(connection, fired.subject_id, locked=True, wait=False)
        except NotFound:
            return Stale.SUBJECT_GONE
        if item.state not in UNDONE_ITEMS:
            return Stale.NO_LONGER_DUE
        people = [item.owner]
        if item.owner is None or fired.kind == ITEM_ESCALATE:
            people += await _leads(connection, [item.department_id])
        if fired.kind == ITEM_ESCALATE:
            people.append((await rows.get(connection, item.review_id)).owner)
        await self._say(
            connection,
            item.incident_id,
            fired,
            people,
            item_details(item),
            everybody=fired.kind == ITEM_ESCALATE,
        )
        return None

    async def _say(
        self,
        connection: AsyncConnection,
        incident_id: str,
        fired: FiredTimer,
        people: list[str | None],
        details: Mapping[str, object],
        *,
        everybody: bool,
    ) -> None:
        """To those people; to every channel that wants it too when asked, or when none is there."""
        incident = await incident_rows.get(connection, incident_id)
        event, parts, now = EventType(fired.kind), [fired.subject_id], fired.fired_at
        reached = await self._telling.those(
            connection, incident, event, people, details, parts=parts, now=now
        )
        if everybody or not reached:
            await self._telling.all(connection, incident, event, details, parts=parts, now=now)

    async def _set(
        self,
        connection: AsyncConnection,
        subject: str,
        subject_id: str,
        instants: Mapping[str, datetime],
        *,
        now: datetime,
    ) -> None:
        for kind, at in instants.items():
            # Without the incident's id: its closing cancels what carries that.
            spec = TimerSpec(kind=kind, subject_type=subject, subject_id=subject_id, due_at=at)
            await self._timers.set(connection, spec, now=now)


async def _step_state(connection: AsyncConnection, incident_id: str) -> str | None:
    column = tables.step.c
    state: str | None = await connection.scalar(
        select(column.state).where(column.incident_id == incident_id, column.step_id == REVIEW_STEP)
    )
    return state


async def _leads(connection: AsyncConnection, departments: list[str]) -> list[str | None]:
    column = tables.department.c
    found = await connection.scalars(select(column.lead).where(column.id.in_(departments)))
    return list(found)
