"""The ledger of points for people: balances, rows, and losses made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.errors import Conflict, InvalidInput
from service.incidents.words import said
from service.reviews import departments, items, ledger
from service.reviews.points import Balance, NewPoints, PointReason, PointRow, check_redemption

_NOTE_MAX = 2_000


class PointDesk:
    """The one door for people."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def balances(
        self, principal: Principal, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Balance, ...]:
        """Of every department that has rows in the window, all of time unless told otherwise."""
        principal.require(Action.READ, Resource.DEPARTMENT)
        if since is not None and until is not None and since >= until:
            raise InvalidInput("this window is empty", errors=[("since", "before until")])
        async with self._database.read() as connection:
            return await ledger.balances(connection, since=since, until=until)

    async def page(
        self, principal: Principal, department_id: str, *, before: int | None, limit: int
    ) -> tuple[PointRow, ...]:
        """Rows of a department, the newest first; also of one that was deleted."""
        principal.require(Action.READ, Resource.DEPARTMENT)
        async with self._database.read() as connection:
            found = await ledger.page(connection, department_id, before=before, limit=limit)
            return await _in_sight(connection, principal, found)

    async def redeem(
        self,
        principal: Principal,
        department_id: str,
        row: int,
        improvement_id: str,
        *,
        note: str | None = None,
    ) -> PointRow:
        """Make good what a row took, by an improvement that was verified after it; a lead does.

        Each loss is made good once and each improvement makes good one. Raises Forbidden, NotFound,
        InvalidInput, Conflict saying what does not fit.
        """
        principal.require(Action.APPROVE, Resource.CAUSE_REVIEW)
        note = said(note, most=_NOTE_MAX)
        now = self._clock.now()
        async with self._database.write() as connection:
            # Held: two redemptions of one loss wait for each other here.
            await departments.hold(connection, department_id)
            lost = await ledger.get(connection, department_id, row)
            item = await items.get(connection, improvement_id)
            principal.require(Action.APPROVE, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
            check_redemption(lost, item)
            redemption = NewPoints(
                key=f"redemption:{item.id}",
                department_id=department_id,
                reason=PointReason.REDEMPTION,
                points=-lost.points,
                by=principal.id,
                note=note,
                incident_id=item.incident_id,
                review_id=item.review_id,
                improvement_id=item.id,
                redeems=lost.id,
            )
            if not await ledger.add(connection, redemption, now=now):
                raise Conflict(f"improvement {item.id} has made another loss good already")
            await audit.record(
                connection,
                at=now,
                actor=principal.id,
                action="department.redeemed",
                subject_type=Resource.DEPARTMENT.value,
                subject_id=department_id,
                data={
                    "row": lost.id,
                    "points": -lost.points,
                    "improvement": item.id,
                    "note": note,
                },
            )
            return await ledger.keyed(connection, redemption.key)


async def _in_sight(
    connection: AsyncConnection, principal: Principal, found: tuple[PointRow, ...]
) -> tuple[PointRow, ...]:
    """Rows without what they name, and without words, where that is of a monitor not theirs."""
    if principal.monitors is None:
        return found
    incident = tables.incident.c
    seen = await connection.scalars(
        select(incident.id).where(
            incident.id.in_([row.incident_id for row in found]),
            incident.monitor_id.in_(sorted(principal.monitors)),
        )
    )
    near = set(seen)
    bare: dict[str, Any] = {
        "note": None,
        "incident_id": None,
        "review_id": None,
        "improvement_id": None,
    }
    return tuple(row if row.incident_id in near else replace(row, **bare) for row in found)
