"""Drills that people ask for: begun one at a time, stopped, kept with their score sheets, cleared.

A drill is prepared by a job unless it comes with its tape. What plays it is the job of `player`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut, newest_first
from service.db.storable import storable
from service.db.tables import channel, drill, drill_move
from service.drill.clearing import clear
from service.drill.ending import Endings
from service.drill.model import (
    DEED,
    FASTEST,
    GOING_ON,
    SLOWEST,
    TAIL,
    TAIL_MAX,
    Drill,
    DrillState,
    Tape,
    due_at,
)
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.ids import stable_id

_REASON_MAX = 1000


class DrillOffice:
    """The one door to drills."""

    def __init__(self, database: Database, clock: Clock, *, endings: Endings) -> None:
        self._database = database
        self._clock = clock
        self._endings = endings

    async def begin(
        self,
        actor: Principal,
        *,
        stream: str,
        speed: float,
        asked: Mapping[str, Any] | None = None,
        monitor: str | None = None,
        tail: timedelta = TAIL,
        tape: Tape | None = None,
    ) -> Drill:
        """Begin a drill; without a tape a job makes it, out of the posts that are `asked` for.

        Raises Forbidden, InvalidInput, and Conflict while another goes on.
        """
        require(actor, Action.RUN, monitor)
        _check(speed, tail)
        now = self._clock.now()
        async with self._database.write() as connection:
            await self._require_free(connection)
            made = await connection.scalar(select(func.count()).select_from(drill))
            drill_id = stable_id("drl", actor.id, now, made or 0)
            try:
                await connection.execute(
                    insert(drill).values(
                        id=drill_id,
                        state=DrillState.PREPARING.value,
                        slot=1,
                        asked=storable(asked or {}),
                        stream=storable(stream)[:200],
                        speed=speed,
                        monitor=monitor,
                        tail_s=tail.total_seconds(),
                        channels=await _drill_channels(connection),
                        played=0,
                        moves=0,
                        incidents={},
                        created_by=actor.id,
                        created_at=now,
                    )
                )
            except IntegrityError as error:
                raise Conflict("another drill has just begun; stop it first") from error
            if tape is not None:
                await self._load(connection, drill_id, tape, now=now)
            await self._tell(connection, actor.id, drill_id, "begun")
            return await find(connection, drill_id)

    async def stop(self, actor: Principal, drill_id: str, *, reason: str | None = None) -> Drill:
        """Stop one that goes on: it is scored as it stands, and all that is pending is cancelled.

        One that has ended stays as it is. Raises Forbidden, NotFound, InvalidInput.
        """
        actor.require(Action.RUN, Resource.DRILL)
        if reason is not None and len(reason) > _REASON_MAX:
            raise InvalidInput("the reason is too long", errors=[("reason", f"≤ {_REASON_MAX}")])
        async with self._database.write() as connection:
            found = await find(connection, drill_id, lock=True)
            require(actor, Action.RUN, found.monitor)
            if found.state not in GOING_ON:
                return found
            await self._endings.end(
                connection,
                found,
                DrillState.STOPPED,
                now=self._clock.now(),
                by=actor.id,
                reason=None if reason is None else storable(reason),
            )
            await self._tell(connection, actor.id, drill_id, "stopped")
            return await find(connection, drill_id)

    async def clear(self, actor: Principal, drill_id: str) -> int:
        """Delete the incidents of a drill that has ended, and its tape; the sheet stays.

        Answers how many incidents. Raises Forbidden, NotFound, and Conflict while it goes on.
        """
        actor.require(Action.DELETE, Resource.DRILL)
        async with self._database.write() as connection:
            found = await find(connection, drill_id, lock=True)
            require(actor, Action.DELETE, found.monitor)
            if found.state in GOING_ON:
                raise Conflict(f"drill {drill_id} is {found.state.value}; stop it first")
            cleared = await clear(connection, tuple(found.incidents.values()))
            await connection.execute(delete(drill_move).where(drill_move.c.drill_id == drill_id))
            await connection.execute(
                update(drill).where(drill.c.id == drill_id).values(incidents={})
            )
            await self._tell(connection, actor.id, drill_id, "cleared", incidents=cleared)
            return cleared

    async def get(self, actor: Principal, drill_id: str) -> Drill:
        """Raises Forbidden, NotFound."""
        actor.require(Action.READ, Resource.DRILL)
        async with self._database.read() as connection:
            found = await find(connection, drill_id)
        require(actor, Action.READ, found.monitor)
        return found

    async def sheet(self, actor: Principal, drill_id: str) -> Mapping[str, Any] | None:
        """The score sheet; of one that goes on as it stands now. None before the first incident.

        Raises Forbidden, NotFound.
        """
        found = await self.get(actor, drill_id)
        async with self._database.read() as connection:
            if found.state not in GOING_ON or not found.incidents:
                return found.sheet
            return await self._endings.sheet(connection, found, now=self._clock.now())

    async def latest(self, actor: Principal) -> Drill:
        """The newest one. Raises Forbidden, and NotFound where there was none."""
        newest = await self.page(actor, after=None, limit=1)
        if not newest.items:
            raise NotFound("there was no drill yet; begin one with `fengsui drill --speed 1`")
        return newest.items[0]

    async def page(
        self, actor: Principal, *, after: tuple[datetime, str] | None, limit: int
    ) -> Page[Drill]:
        """The newest first, of the monitors in sight. Raises Forbidden."""
        actor.require(Action.READ, Resource.DRILL)
        query = select(drill)
        if actor.monitors is not None:
            query = query.where(drill.c.monitor.in_(sorted(actor.monitors)))
        query = newest_first(query, drill, after=after, limit=limit)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return cut([drill_of(row) for row in rows], limit=limit, key=lambda item: item.id)

    async def load(self, drill_id: str, tape: Tape) -> bool:
        """Give a drill its tape; False when it was stopped while that was made."""
        async with self._database.write() as connection:
            found = await find(connection, drill_id, lock=True)
            if found.state is not DrillState.PREPARING:
                return False
            await self._load(connection, drill_id, tape, now=self._clock.now())
            return True

    async def fail(self, drill_id: str, reason: str) -> None:
        """Keep why it could not be prepared."""
        async with self._database.write() as connection:
            found = await find(connection, drill_id, lock=True)
            if found.state is DrillState.PREPARING:
                state, now = DrillState.FAILED, self._clock.now()
                await self._endings.end(
                    connection, found, state, now=now, reason=storable(reason)[:_REASON_MAX]
                )

    async def _load(
        self, connection: AsyncConnection, drill_id: str, tape: Tape, *, now: datetime
    ) -> None:
        rows = [
            {
                "drill_id": drill_id,
                "position": position,
                "at": move.at,
                "offset_s": (move.at - tape.begins).total_seconds(),
                "deed": storable(DEED.dump_python(move.deed, mode="json")),
            }
            for position, move in enumerate(tape.moves)
        ]
        await connection.execute(insert(drill_move), rows)
        found = await find(connection, drill_id)
        over = due_at(now, rows[-1]["offset_s"], found.speed)
        await connection.execute(
            update(drill)
            .where(drill.c.id == drill_id)
            .values(
                state=DrillState.RUNNING.value,
                moves=len(rows),
                started_at=now,
                ends_at=over + timedelta(seconds=found.tail_s),
            )
        )

    async def _require_free(self, connection: AsyncConnection) -> None:
        rows = await connection.execute(select(drill.c.id).where(drill.c.slot == 1))
        going_on = rows.scalar()
        if going_on is not None:
            raise Conflict(f"drill {going_on} goes on; one at a time: stop it first")

    async def _tell(
        self, connection: AsyncConnection, actor: str, drill_id: str, what: str, **data: Any
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor,
            action=f"drill.{what}",
            subject_type="drill",
            subject_id=drill_id,
            data=data,
        )


def require(actor: Principal, action: Action, monitor: str | None) -> None:
    """Raises Forbidden. Without a monitor a drill is everybody's who may see every monitor."""
    actor.require(action, Resource.DRILL, monitor=monitor)
    if monitor is None and actor.monitors is not None:
        raise Forbidden(f"{actor.name} sees some monitors only; name one of them for the drill")


async def find(connection: AsyncConnection, drill_id: str, *, lock: bool = False) -> Drill:
    """One drill; `lock` holds others off until the transaction ends. Raises NotFound."""
    query = select(drill).where(drill.c.id == drill_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(f"there is no drill {drill_id!r}")
    return drill_of(row)


def drill_of(row: Row[Any]) -> Drill:
    """A row of the table as a value."""
    values = row._mapping
    names = Drill.__dataclass_fields__.keys() - {"state", "channels"}
    return Drill(
        state=DrillState(values["state"]),
        channels=tuple(values["channels"]),
        **{name: values[name] for name in names},
    )


async def _drill_channels(connection: AsyncConnection) -> list[str]:
    wanted = (channel.c.drill.is_(True), channel.c.enabled.is_(True))
    rows = await connection.execute(select(channel.c.id).where(*wanted).order_by(channel.c.id))
    return list(rows.scalars().all())


def _check(speed: float, tail: timedelta) -> None:
    wrong = []
    if not SLOWEST <= speed <= FASTEST:
        wrong.append(("speed", f"from {SLOWEST:g} to {FASTEST:g}; {speed:g} given"))
    if not timedelta(minutes=1) <= tail <= TAIL_MAX:
        wrong.append(("tail", f"from a minute to {TAIL_MAX.days} days"))
    if wrong:
        raise InvalidInput("the drill cannot be begun like that", errors=wrong)
