"""Recurrences linked as they are found, confirmed or taken back as causes become known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.cases import Link, LinkKind, recurrence
from service.cases import rows as case_rows
from service.cases.linking import link, unlink
from service.cases.recurrence import RECURS_WITHIN, Crisis, Recurrence, Refutation
from service.clock import Clock
from service.db import Database, tables
from service.errors import Conflict, InvalidInput
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.model import SYSTEM_ACTOR
from service.incidents.trail import trace
from service.reviews import ledger, rows
from service.reviews.points import NewPoints, PointReason

_NOTE = f"same scenario within {RECURS_WITHIN.days} days; its review will tell whether same cause"
_CONFIRMED = "recurrence_confirmed"
_LONGEST = timedelta(days=3 * 366)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


async def reconcile(connection: AsyncConnection, incident: Incident, *, now: datetime) -> None:
    """Bring the link that Fengsui sets up to what is known of an incident and its past.

    Links that people set stay. A recurrence that both causes confirm is written on both timelines
    and costs the departments of the earlier review points, once.
    """
    found = await recurrence.of_incident(connection, incident.id)
    known = [
        item
        for item in await case_rows.links(connection, incident.id)
        if item.kind is LinkKind.RECURRENCE_OF
    ]
    for item in known:
        wanted = found is not None and item.to_id == found.of.id
        if item.from_id == incident.id and item.by == SYSTEM_ACTOR and not wanted:
            await _unlink(connection, incident, item, now=now)
    if found is None:
        return
    if all(item.to_id != found.of.id for item in known):
        await _link(connection, incident, found, now=now)
    if found.confirmed:
        await _confirm(connection, found, now=now)


async def reconcile_around(
    connection: AsyncConnection, incident: Incident, *, now: datetime
) -> None:
    """The same for an incident of which more is known now, and for those that may repeat it."""
    await reconcile(connection, incident, now=now)
    linked = [
        item.from_id
        for item in await case_rows.links(connection, incident.id)
        if item.kind is LinkKind.RECURRENCE_OF and item.to_id == incident.id
    ]
    repeating = await recurrence.repeating(connection, incident.id)
    for later_id in sorted({*linked, *repeating}):
        await reconcile(connection, await incident_rows.get(connection, later_id), now=now)


async def _link(
    connection: AsyncConnection, incident: Incident, found: Recurrence, *, now: datetime
) -> None:
    earlier = await incident_rows.get(connection, found.of.id)
    kind = LinkKind.RECURRENCE_OF
    try:
        await link(connection, incident, earlier, kind, note=_NOTE, actor=SYSTEM_ACTOR, now=now)
    except Conflict:
        return  # a person said that it is the other way round


async def _unlink(
    connection: AsyncConnection, incident: Incident, known: Link, *, now: datetime
) -> None:
    other = await incident_rows.get(connection, known.to_id)
    await unlink(connection, incident, other, known.kind, actor=SYSTEM_ACTOR, now=now)


async def _confirm(connection: AsyncConnection, found: Recurrence, *, now: datetime) -> None:
    later, earlier = found.crisis, found.of
    event = tables.incident_event.c
    told = await connection.scalars(
        select(event.data).where(event.incident_id == later.id, event.kind == _CONFIRMED)
    )
    if any(data["of"] == earlier.id for data in told):
        return
    data = {"incident": later.id, "of": earlier.id, "cause": later.cause}
    for end in (later.id, earlier.id):
        await trace(connection, end, _CONFIRMED, data, now=now)
    review = await rows.of_incident(connection, earlier.id)
    if review is None:
        return
    for item in await rows.involved(connection, review.id):
        if item.filed_at is None:
            continue  # excused: nothing that it did was to prevent this
        lost = NewPoints(
            key=f"recurrence:{later.id}:{item.department_id}",
            department_id=item.department_id,
            reason=PointReason.RECURRENCE,
            by=SYSTEM_ACTOR,
            incident_id=later.id,
            review_id=review.id,
        )
        await ledger.add(connection, lost, now=now)


class _Window(TypedDict):
    """Which crises are read, as `service.cases.recurrence` is told."""

    since: datetime
    until: datetime
    monitors: list[str] | None


class RecurrenceReading:
    """What has come again, and what share of all that is."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def judged(
        self,
        principal: Principal,
        *,
        monitor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[tuple[Crisis, Recurrence | None], ...]:
        """Named crises in sight opened in the window, each with what it repeats, in order.

        The last 90 days unless told otherwise. Raises Forbidden, InvalidInput for a window that is
        empty or longer than three years.
        """
        window = self._window(principal, monitor, since, until)
        async with self._database.read() as connection:
            found = await recurrence.judged(connection, **window)
        return tuple((crisis, _in_sight(principal, again)) for crisis, again in found)

    async def refuted(
        self,
        principal: Principal,
        *,
        monitor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Refutation, ...]:
        """Of the same crises those that no longer count, because their causes differ, in order.

        Raises as `judged` does.
        """
        window = self._window(principal, monitor, since, until)
        async with self._database.read() as connection:
            found = await recurrence.refuted(connection, **window)
        return tuple(replace(item, of=_named(principal, item.of)) for item in found)

    def _window(
        self,
        principal: Principal,
        monitor: str | None,
        since: datetime | None,
        until: datetime | None,
    ) -> _Window:
        principal.require(Action.READ, Resource.INCIDENT, monitor=monitor)
        until = until or self._clock.now()
        since = since or max(until, _EARLIEST) - RECURS_WITHIN
        if since < _EARLIEST or not timedelta(0) < until - since <= _LONGEST:
            raise InvalidInput(
                "this window cannot be read",
                errors=[("since", f"before until, at most {_LONGEST.days} days, after 1970")],
            )
        monitors = None if principal.monitors is None else sorted(principal.monitors)
        return _Window(
            since=since, until=until, monitors=monitors if monitor is None else [monitor]
        )


def _in_sight(principal: Principal, again: Recurrence | None) -> Recurrence | None:
    return None if again is None else replace(again, of=_named(principal, again.of))


def _named(principal: Principal, earlier: Crisis) -> Crisis:
    """The earlier one, without its name where it is of a monitor that is not theirs."""
    if principal.may(Action.READ, Resource.INCIDENT, monitor=earlier.monitor_id):
        return earlier
    return replace(earlier, id="", monitor_id="")
