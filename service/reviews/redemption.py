"""The ledger of points for people: balances, rows, and losses made good."""

from __future__ import annotations

from datetime import datetime

from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
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
            return await ledger.page(connection, department_id, before=before, limit=limit)

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
            (made,) = await ledger.page(connection, department_id, before=None, limit=1)
            return made
