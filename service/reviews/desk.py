"""What people do with reviews: fill the form in, name departments, close."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.cases.precedents import REVIEW_STEP
from service.clock import Clock
from service.db import Database
from service.db.alone import Alone, alone
from service.errors import Conflict, IllegalTransition, InvalidInput
from service.events import EventType
from service.incidents import OPEN_STATES, Incident, format_instant
from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.incidents.words import said
from service.response import ResponseDesk
from service.response import repository as run_rows
from service.reviews import form as forms
from service.reviews import items, rows
from service.reviews.clocks import Clocks
from service.reviews.departments import has_account, require_enabled
from service.reviews.lifecycle import Lack, lacks
from service.reviews.model import (
    Form,
    Improvement,
    Involved,
    Review,
    ReviewFilter,
    ReviewSort,
    ReviewState,
)
from service.reviews.recurrences import reconcile_around
from service.reviews.telling import Telling, review_details

_REASON_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFile:
    """Everything that the page of a review shows; `lacks` is what keeps it from being closed."""

    review: Review
    involved: tuple[Involved, ...]
    improvements: tuple[Improvement, ...]
    lacks: tuple[tuple[Lack, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: AsyncConnection
    incident: Incident
    review: Review
    now: datetime


class ReviewDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        clocks: Clocks,
        telling: Telling,
        response_desk: ResponseDesk,
    ) -> None:
        self._database = database
        self._clock = clock
        self._clocks = clocks
        self._telling = telling
        self._response_desk = response_desk

    async def page(
        self,
        principal: Principal,
        wanted: ReviewFilter,
        *,
        sort: ReviewSort = ReviewSort.DUE,
        after: rows.Position | None = None,
        limit: int = 50,
    ) -> tuple[tuple[Review, tuple[Involved, ...]], ...]:
        """Reviews in sight, each with its departments. Raises Forbidden."""
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        wanted = replace(wanted, within=principal.monitors)
        async with self._database.read() as connection:
            found = await rows.page(
                connection, wanted, sort=sort, after=after, limit=limit, now=self._clock.now()
            )
            involved = await rows.involved(connection, *(item.id for item in found))
        return tuple(
            (item, tuple(each for each in involved if each.review_id == item.id)) for item in found
        )

    async def file(self, principal: Principal, review_id: str) -> ReviewFile:
        """One review. Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        async with self._database.read() as connection:
            review = await rows.get(connection, review_id)
            principal.require(Action.READ, Resource.CAUSE_REVIEW, monitor=review.monitor_id)
            return await _file(connection, review)

    async def save(
        self, principal: Principal, review_id: str, form: Form, *, version: int | None = None
    ) -> ReviewFile:
        """Keep the form, finished or not. Raises InvalidInput, Conflict, Forbidden."""
        async with self._opened(principal, review_id, Action.WORK, version) as opened:
            kept = await forms.checked(opened.connection, opened.incident.id, form)
            return await self._changed(opened, principal, "form_saved", rows.form_columns(kept))

    async def assign(
        self, principal: Principal, review_id: str, owner: str, *, version: int | None = None
    ) -> ReviewFile:
        """Name the owner, by user id. Raises InvalidInput for who has no account, Conflict."""
        async with self._opened(principal, review_id, Action.WORK, version) as opened:
            if not await has_account(opened.connection, owner):
                raise InvalidInput("nobody of that id", errors=[("owner", f"no user {owner}")])
            return await self._changed(opened, principal, "assigned", {"owner": owner})

    async def involve(self, principal: Principal, review_id: str, department_id: str) -> ReviewFile:
        """Name a department that was involved; it is asked for a proposal. Said twice is once."""
        async with self._opened(principal, review_id, Action.WORK, None) as opened:
            connection, now = opened.connection, opened.now
            await require_enabled(connection, department_id)
            if await rows.involve(connection, review_id, department_id, by=principal.id, now=now):
                await self._trace(
                    opened, principal, "department_added", {"department": department_id}
                )
            return await _file(connection, opened.review)

    async def release(self, principal: Principal, review_id: str, department_id: str) -> ReviewFile:
        """Take a department out that was named by mistake; a lead does.

        Raises Conflict for one that has filed a proposal: that stays.
        """
        async with self._opened(principal, review_id, Action.APPROVE, None) as opened:
            found = await self._involved(opened, department_id)
            if found.filed_at is not None:
                raise Conflict(f"{department_id} has filed a proposal in review {review_id}")
            await rows.release(opened.connection, review_id, department_id)
            await self._trace(
                opened, principal, "department_removed", {"department": department_id}
            )
            return await _file(opened.connection, opened.review)

    async def excuse(
        self, principal: Principal, review_id: str, department_id: str, *, reason: str
    ) -> ReviewFile:
        """A lead says why a department proposes nothing.

        Raises InvalidInput, Forbidden, and Conflict for one that has filed a proposal.
        """
        why = said(reason, most=_REASON_MAX, path="reason")
        if why is None:
            raise InvalidInput("excusing takes a reason", errors=[("reason", "say why")])
        async with self._opened(principal, review_id, Action.APPROVE, None) as opened:
            found = await self._involved(opened, department_id)
            if found.filed_at is not None:
                raise Conflict(f"{department_id} has filed a proposal in review {review_id}")
            await rows.mark(
                opened.connection,
                review_id,
                department_id,
                excused=why,
                excused_by=principal.id,
                excused_at=opened.now,
            )
            data = {"department": department_id, "reason": why}
            await self._trace(opened, principal, "department_excused", data)
            return await _file(opened.connection, opened.review)

    async def close(
        self, principal: Principal, review_id: str, *, version: int | None = None
    ) -> ReviewFile:
        """Close it: the playbook's step is done with it, and recurrences are told by its cause.

        Raises Conflict naming all that is missing, or while the incident is open again.
        """
        async with self._opened(principal, review_id, Action.CLOSE, version) as opened:
            connection, incident, now = opened.connection, opened.incident, opened.now
            if incident.state in OPEN_STATES:
                raise Conflict(f"incident {incident.id} is {incident.state.value}; close it first")
            missing = (await _file(connection, opened.review)).lacks
            if missing:
                raise Conflict(
                    f"review {review_id} is not finished: {'; '.join(text for _, text in missing)}",
                    errors=[(lack.value, text) for lack, text in missing],
                )
            closed = {
                "state": ReviewState.CLOSED.value,
                "closed_at": now,
                "closed_by": principal.id,
            }
            file = await self._changed(opened, principal, "closed", closed)
            await self._clocks.drop_review(connection, review_id)
            await self._finish_step(opened, principal)
            await reconcile_around(connection, incident, now=now)
            await self._telling.all(
                connection,
                incident,
                EventType.REVIEW_CLOSED,
                review_details(file.review),
                parts=[review_id],
                now=now,
            )
            return file

    async def _finish_step(self, opened: _Opened, principal: Principal) -> None:
        """Through the response desk; a step that somebody skipped stays so."""
        stored = await run_rows.find(opened.connection, opened.incident.id)
        if stored is None:
            return
        if any(step.id == REVIEW_STEP and step.open for step in stored.run.steps):
            note = f"{opened.review.id}: {opened.review.form.root_cause}"
            await self._response_desk.do_in(
                opened.connection, principal, opened.incident.id, REVIEW_STEP, note=note
            )

    async def _involved(self, opened: _Opened, department_id: str) -> Involved:
        for item in await rows.involved(opened.connection, opened.review.id):
            if item.department_id == department_id:
                return item
        raise InvalidInput(
            f"{department_id} is not involved in review {opened.review.id}",
            errors=[("department", "name it first")],
        )

    async def _changed(
        self, opened: _Opened, principal: Principal, deed: str, values: Mapping[str, object]
    ) -> ReviewFile:
        review = await rows.change(opened.connection, opened.review, now=opened.now, **values)
        data = {name: value for name, value in values.items() if isinstance(value, str)}
        await self._trace(opened, principal, deed, {**data, "version": review.version})
        return await _file(opened.connection, review)

    async def _trace(
        self, opened: _Opened, principal: Principal, deed: str, data: Mapping[str, object]
    ) -> None:
        await trace(
            opened.connection,
            opened.incident.id,
            f"review_{deed}",
            {"review": opened.review.id, **data},
            now=opened.now,
            actor=principal.id,
            action=f"cause_review.{deed}",
        )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, review_id: str, action: Action, version: int | None
    ) -> AsyncIterator[_Opened]:
        principal.require(action, Resource.CAUSE_REVIEW)
        async with self._database.write() as connection:
            review = await rows.get(connection, review_id)
            principal.require(action, Resource.CAUSE_REVIEW, monitor=review.monitor_id)
            if action is Action.CLOSE:
                # Of two causes that are found at once each would miss the other.
                await alone(connection, Alone.FIND_CAUSES)
            # The incident first, as its own moves do: in another order two wait for each other.
            await incident_rows.hold(connection, review.incident_id)
            review = await rows.get(connection, review_id, locked=True)
            incident = await incident_rows.get(connection, review.incident_id)
            if version is not None and version != review.version:
                raise Conflict(
                    f"review {review_id} has changed since version {version}: it is "
                    f"{review.state.value}, owner {review.owner or 'nobody'}, changed "
                    f"{format_instant(review.updated_at)}, version {review.version}; load it again"
                )
            if review.state is not ReviewState.OPEN:
                raise IllegalTransition(f"review {review_id} is {review.state.value}")
            yield _Opened(
                connection=connection, incident=incident, review=review, now=self._clock.now()
            )


async def _file(connection: AsyncConnection, review: Review) -> ReviewFile:
    involved = await rows.involved(connection, review.id)
    return ReviewFile(
        review=review,
        involved=involved,
        improvements=await items.of_review(connection, review.id),
        lacks=lacks(review.form, involved) if review.state is ReviewState.OPEN else (),
    )
