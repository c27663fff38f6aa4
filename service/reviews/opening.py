"""A review begins when its incident is closed: `Reactions` around those of the response."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases.precedents import REVIEW_STEP
from service.db import tables
from service.errors import Conflict
from service.events import EventType
from service.ids import stable_id
from service.incidents import Action, Incident, Kind, Reactions, State, Transition
from service.incidents.trail import trace
from service.oncall import seat_rows
from service.oncall.seat_rows import SeatState
from service.reviews import rows
from service.reviews.clocks import Clocks
from service.reviews.model import Form, Review, ReviewState
from service.reviews.recurrences import reconcile, reconcile_around
from service.reviews.telling import Telling, review_details

DUE_AFTER = timedelta(days=7)
"""Of a run whose playbook asks for no review by a time of its own."""
_NOT_REAL = frozenset({State.FALSE_POSITIVE, State.MERGED})
_ENDED = _NOT_REAL | {State.CLOSED}


class ReviewReactions:
    """What `inner` does, then what it means for the review and for recurrences.

    Only real crises are reviewed here: a drill has its score sheet.
    """

    def __init__(self, inner: Reactions, *, clocks: Clocks, telling: Telling) -> None:
        self._inner = inner
        self._clocks = clocks
        self._telling = telling

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        await self._inner.opened(connection, incident)
        if _is_real(incident):
            await reconcile(connection, incident, now=incident.opened_at)

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._inner.tier_changed(connection, incident, now=now)

    async def scenario_named(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._inner.scenario_named(connection, incident, now=now)
        if _is_real(incident):
            await reconcile_around(connection, incident, now=now)

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        await self._inner.moved(connection, incident, transition, actor=actor, now=now)
        if not _is_real(incident):
            return
        review = await rows.of_incident(connection, incident.id, locked=True)
        if transition.after is State.CLOSED:
            await self._begin(connection, incident, review, now=now)
        elif review is not None and review.state is ReviewState.OPEN:
            if transition.action is Action.REOPEN:
                await self._clocks.drop_review(connection, review.id)
            elif transition.after in _NOT_REAL:
                await self._withdraw(connection, incident, review, actor=actor, now=now)
        if transition.after in _ENDED or transition.action is Action.REOPEN:
            # When it was closed, and whether it counts at all, decides what repeats it.
            await reconcile_around(connection, incident, now=now)

    async def contained(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        await self._inner.contained(connection, incident, now=now)

    async def guard(self, connection: AsyncConnection, incident: Incident, step_id: str) -> None:
        """Raise Conflict for a review that is called done in the run and is not closed here.

        Where no department is known there is nobody to propose anything: it is done by hand.
        """
        if step_id != REVIEW_STEP:
            return
        review = await rows.of_incident(connection, incident.id)
        if review is None or review.state is not ReviewState.OPEN:
            return
        department = tables.department.c
        known = select(department.id).where(department.disabled.is_(False)).limit(1)
        if await connection.scalar(known) is not None:
            raise Conflict(
                f"review {review.id} of incident {incident.id} is open: close it, and this step is "
                "done with it; or skip the step with a reason"
            )

    async def _begin(
        self,
        connection: AsyncConnection,
        incident: Incident,
        review: Review | None,
        *,
        now: datetime,
    ) -> None:
        """A closed review stays closed when its incident is closed a second time, as its step."""
        role, due_at = await _step(connection, incident.id) or (None, None)
        due_at = due_at or now + DUE_AFTER
        if review is None:
            review = Review(
                id=stable_id("cau", incident.id),
                incident_id=incident.id,
                monitor_id=incident.monitor_id,
                scenario=incident.scenario,
                state=ReviewState.OPEN,
                owner=await _owner(connection, incident, role),
                due_at=due_at,
                form=Form(),
                opened_at=now,
                closed_at=None,
                closed_by=None,
                updated_at=now,
                version=1,
            )
            await rows.add(connection, review)
            data = {"review": review.id, "owner": review.owner, "due_at": due_at.isoformat()}
            await trace(connection, incident.id, "review_opened", data, now=now)
            await self._telling.all(
                connection,
                incident,
                EventType.REVIEW_OPENED,
                review_details(review),
                parts=[review.id],
                now=now,
            )
        elif review.state is ReviewState.CLOSED:
            return
        else:
            review = await rows.change(
                connection, review, now=now, due_at=due_at, scenario=incident.scenario
            )
        await self._clocks.watch_review(connection, review, now=now)

    async def _withdraw(
        self,
        connection: AsyncConnection,
        incident: Incident,
        review: Review,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        await rows.change(connection, review, now=now, state=ReviewState.WITHDRAWN.value)
        await self._clocks.drop_review(connection, review.id)
        data = {"review": review.id}
        await trace(connection, incident.id, "review_withdrawn", data, now=now, actor=actor)


def _is_real(incident: Incident) -> bool:
    return incident.kind is Kind.CRISIS and not incident.drill


async def _step(
    connection: AsyncConnection, incident_id: str
) -> tuple[str, datetime | None] | None:
    """Role and due time of the review in the run."""
    column = tables.step.c
    found = await connection.execute(
        select(column.role, column.due_at).where(
            column.incident_id == incident_id, column.step_id == REVIEW_STEP
        )
    )
    row = found.first()
    return None if row is None else (row.role, row.due_at)


async def _owner(connection: AsyncConnection, incident: Incident, role: str | None) -> str | None:
    """Whoever took the seat of the role that the step is for, else whoever has the incident."""
    for seat in await seat_rows.of_incident(connection, incident.id):
        if seat.role == role and seat.state is SeatState.ACCEPTED and seat.holder:
            return seat.holder
    return incident.assignee
