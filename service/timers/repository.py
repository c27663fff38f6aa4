"""Setting, cancelling and listing timers, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.page import LIMIT, Page, cut
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import timer
from service.errors import InvalidInput, NotFound
from service.timers.model import Timer, TimerSpec, TimerState


class Timers:
    """The table of timers. Nothing here commits; nothing here fires."""

    async def set(self, connection: AsyncConnection, spec: TimerSpec, *, now: datetime) -> str:
        """Make or move the timer of `spec`'s subject and kind; answers its id.

        Another due time makes it pending whatever it was; the same one leaves a pending or fired
        timer as it is, so that setting twice fires once, and revives a cancelled or failed one.
        """
        values = {
            "incident_id": spec.incident_id,
            "due_at": spec.due_at,
            "payload": storable(spec.payload),
        }
        fresh = {"state": TimerState.PENDING.value, "failures": 0, "error": None}
        inserted = await connection.execute(
            insert(connection, timer)
            .values(
                id=spec.id,
                kind=spec.kind,
                subject_type=spec.subject_type,
                subject_id=spec.subject_id,
                generation=1,
                created_at=now,
                **values,
                **fresh,
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
        if inserted.rowcount == 1:
            return spec.id
        old = _timer(
            (
                await connection.execute(
                    select(timer).where(timer.c.id == spec.id).with_for_update()
                )
            ).one()
        )
        if _settled(old, spec):
            return spec.id
        again = {
            "generation": old.generation + 1,
            "fired_at": None,
            "late_by_s": None,
            "retry_at": None,
        }
        await connection.execute(
            update(timer).where(timer.c.id == spec.id).values(**values, **fresh, **again)
        )
        return spec.id

    async def cancel(
        self,
        connection: AsyncConnection,
        *,
        subject: tuple[str, str] | None = None,
        incident_id: str | None = None,
        kinds: Collection[str] | None = None,
    ) -> int:
        """Cancel the pending timers of a subject (type, id), of an incident, or both; how many.

        Raises InvalidInput when neither is named: no caller means every timer there is.
        """
        if subject is None and incident_id is None:
            raise InvalidInput("cancelling timers needs a subject or an incident")
        wanted: list[ColumnElement[bool]] = [timer.c.state == TimerState.PENDING]
        if subject is not None:
            wanted += [timer.c.subject_type == subject[0], timer.c.subject_id == subject[1]]
        if incident_id is not None:
            wanted.append(timer.c.incident_id == incident_id)
        if kinds is not None:
            wanted.append(timer.c.kind.in_(kinds))
        cancelled = await connection.execute(
            update(timer).where(*wanted).values(state=TimerState.CANCELLED.value)
        )
        return cancelled.rowcount

    async def get(self, connection: AsyncConnection, timer_id: str) -> Timer:
        """One timer by its id; raises NotFound."""
        row = (await connection.execute(select(timer).where(timer.c.id == timer_id))).first()
        if row is None:
            raise NotFound(f"there is no timer {timer_id!r}")
        return _timer(row)

    async def pending(
        self,
        connection: AsyncConnection,
        *,
        incident_id: str | None = None,
        states: Collection[TimerState] = (TimerState.PENDING,),
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Timer]:
        """Timers in due order, pending ones unless `states` says otherwise.

        `after` is the `next` of the page before, a timer's id; raises NotFound for any other.
        """
        limit = max(1, min(limit, LIMIT))
        wanted: list[ColumnElement[bool]] = [timer.c.state.in_(states)]
        if incident_id is not None:
            wanted.append(timer.c.incident_id == incident_id)
        if after is not None:
            last = await self.get(connection, after)
            wanted.append(later_than(last.due_at, last.id))
        rows = await connection.execute(
            select(timer).where(*wanted).order_by(timer.c.due_at, timer.c.id).limit(limit + 1)
        )
        return cut([_timer(row) for row in rows], limit=limit, key=lambda item: item.id)


async def earliest_due(connection: AsyncConnection) -> datetime | None:
    """The due time of the earliest pending timer."""
    due: datetime | None = await connection.scalar(
        select(func.min(timer.c.due_at)).where(timer.c.state == TimerState.PENDING)
    )
    return due


async def earliest_claim(connection: AsyncConnection, *, now: datetime) -> datetime | None:
    """When the earliest pending timer may be fired: held back ones count from their retry on."""
    pending = timer.c.state == TimerState.PENDING
    untried = select(func.min(timer.c.due_at)).where(pending, timer.c.retry_at.is_(None))
    # Whatever is held back was due before: the many that are not need not be looked at.
    held_back = select(func.min(timer.c.retry_at)).where(
        pending, timer.c.retry_at.is_not(None), timer.c.due_at <= now
    )
    instants = [await connection.scalar(untried), await connection.scalar(held_back)]
    return min((instant for instant in instants if instant is not None), default=None)


def claimable(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Pending, due and not held back after a failure."""
    return and_(
        timer.c.state == TimerState.PENDING,
        timer.c.due_at <= now,
        or_(timer.c.retry_at.is_(None), timer.c.retry_at <= now),
    )


def later_than(due_at: datetime, timer_id: str) -> ColumnElement[bool]:
    """After a place in the order in which timers fire."""
    return or_(timer.c.due_at > due_at, and_(timer.c.due_at == due_at, timer.c.id > timer_id))


# Made once: to put it together takes longer than to send it.
CLAIM: Final = (
    update(timer)
    .where(
        timer.c.id
        == select(timer.c.id)
        .where(
            timer.c.id == bindparam("claimed"),
            timer.c.generation == bindparam("listed"),
            claimable(bindparam("now", type_=timer.c.due_at.type)),
        )
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(
        state=TimerState.FIRED.value,
        fired_at=bindparam("fired_at"),
        late_by_s=bindparam("late_by_s"),
        retry_at=None,
    )
    .returning(timer.c.payload, timer.c.incident_id)
)
"""Calls a timer fired that is due and still of the generation in which it was listed.

No row when it was moved meanwhile or somebody else has it.
"""


def _settled(old: Timer, spec: TimerSpec) -> bool:
    same = (
        old.due_at == spec.due_at
        and old.incident_id == spec.incident_id
        and old.payload == storable(spec.payload)
    )
    if old.state is TimerState.FIRED:
        # A changed payload must not page for the same deadline a second time.
        return old.due_at == spec.due_at
    return same and old.state is TimerState.PENDING


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    values = row._mapping
    late = values["late_by_s"]
    names = Timer.__dataclass_fields__.keys() - {"state", "late_by"}
    return Timer(
        state=TimerState(values["state"]),
        late_by=None if late is None else timedelta(seconds=late),
        **{name: values[name] for name in names},
    )
