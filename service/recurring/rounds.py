"""Rounds of recurring duties in the state database. Functions take a connection, none commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.tables import recurring_round
from service.errors import NotFound
from service.ids import stable_id
from service.recurring.model import Round, RoundState

_ROUND = recurring_round


async def open_round(
    connection: AsyncConnection, duty_id: str, *, lock: bool = False
) -> Round | None:
    """The round that waits to be done, None where the duty is not planned yet."""
    query = select(_ROUND).where(
        _ROUND.c.duty_id == duty_id, _ROUND.c.state == RoundState.OPEN.value
    )
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return None if row is None else _round(row)


async def get(connection: AsyncConnection, duty_id: str, round_id: str) -> Round:
    """A round of that duty, locked until the transaction ends. Raises NotFound."""
    query = select(_ROUND).where(_ROUND.c.id == round_id, _ROUND.c.duty_id == duty_id)
    row = (await connection.execute(query.with_for_update())).first()
    if row is None:
        raise NotFound(f"there is no round {round_id!r} of the recurring duty {duty_id}")
    return _round(row)


async def add(
    connection: AsyncConnection, duty_id: str, due_at: datetime, *, now: datetime
) -> Round:
    """Plan one."""
    round_id = stable_id("rnd", duty_id, due_at, now)
    await connection.execute(
        insert(_ROUND).values(
            id=round_id,
            duty_id=duty_id,
            due_at=due_at,
            state=RoundState.OPEN.value,
            created_at=now,
        )
    )
    row = (await connection.execute(select(_ROUND).where(_ROUND.c.id == round_id))).one()
    return _round(row)


async def change(connection: AsyncConnection, round_id: str, **values: Any) -> None:
    """Write columns of one."""
    await connection.execute(update(_ROUND).where(_ROUND.c.id == round_id).values(**values))


async def remove(connection: AsyncConnection, round_id: str) -> None:
    """One that nobody waits for any more."""
    await connection.execute(delete(_ROUND).where(_ROUND.c.id == round_id))


async def of_ids_like(
    connection: AsyncConnection, beginning: str, *, only: Sequence[str] | None = None
) -> tuple[Round, ...]:
    """Rounds of all duties whose id begins so, or of `only` those, by due time."""
    query = select(_ROUND).where(_ROUND.c.duty_id.startswith(beginning, autoescape=True))
    if only is not None:
        query = query.where(_ROUND.c.duty_id.in_(only))
    rows = await connection.execute(query.order_by(_ROUND.c.due_at, _ROUND.c.id))
    return tuple(_round(row) for row in rows)


async def last_settled(connection: AsyncConnection, duty_id: str) -> datetime | None:
    """When the newest round was due that is done or missed."""
    found: datetime | None = await connection.scalar(
        select(func.max(_ROUND.c.due_at)).where(
            _ROUND.c.duty_id == duty_id, _ROUND.c.state != RoundState.OPEN.value
        )
    )
    return found


async def missed(connection: AsyncConnection, duty_id: str) -> int:
    """How many rounds were missed in all."""
    found = await connection.scalar(
        select(func.count()).where(
            _ROUND.c.duty_id == duty_id, _ROUND.c.state == RoundState.MISSED.value
        )
    )
    return int(found or 0)


async def newest(connection: AsyncConnection, duty_id: str, *, limit: int) -> tuple[Round, ...]:
    """Rounds by due time, the newest first."""
    rows = await connection.execute(
        select(_ROUND)
        .where(_ROUND.c.duty_id == duty_id)
        .order_by(_ROUND.c.due_at.desc(), _ROUND.c.id.desc())
        .limit(limit)
    )
    return tuple(_round(row) for row in rows)


def _round(row: Row[Any]) -> Round:
    values = row._mapping
    names = Round.__dataclass_fields__.keys() - {"state"}
    return Round(state=RoundState(values["state"]), **{name: values[name] for name in names})
