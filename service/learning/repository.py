"""Rows of evaluations and switches. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.alone import Alone, alone
from service.db.tables import model_evaluation, model_switch
from service.learning.candidate import Candidate, Kind, kept_candidate

_STANDING = (
    model_switch.c.undoes.is_(None),
    model_switch.c.number.not_in(
        select(model_switch.c.undoes).where(model_switch.c.undoes.is_not(None))
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A candidate compared with what served, on a set whose newest row is of `set_until`."""

    id: str
    kind: Kind
    name: str
    fingerprint: str
    place: str
    content: str | None
    set_sha256: str
    set_rows: int
    set_until: datetime | None
    result: Mapping[str, Any]
    author: str
    at: datetime

    def candidate(self) -> Candidate:
        """What was compared. Raises ModelMissing, BadModel."""
        return kept_candidate(
            kind=self.kind,
            name=self.name,
            fingerprint=self.fingerprint,
            place=self.place,
            content=self.content,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One step. `before` and `after` are what served: of an encoder its place, name and fingerprint
    (None for that of the settings), of the lexicon its version, of rules their overlays.

    `undoes` is the number of the step that it takes back.
    """

    number: int
    kind: Kind
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    undoes: int | None
    evaluation_id: str | None
    forced: bool
    reason: str
    author: str
    at: datetime


async def lock(connection: AsyncConnection) -> None:
    """Let nobody else switch before this transaction ends."""
    await alone(connection, Alone.SWITCH_MODELS)


async def add_evaluation(connection: AsyncConnection, evaluation: Evaluation) -> None:
    """Append an evaluation."""
    values = {name: getattr(evaluation, name) for name in Evaluation.__dataclass_fields__}
    await connection.execute(
        insert(model_evaluation).values(
            values | {"kind": evaluation.kind.value, "result": dict(evaluation.result)}
        )
    )


async def evaluations(connection: AsyncConnection) -> int:
    """How many there are."""
    return int(await connection.scalar(select(func.count()).select_from(model_evaluation)) or 0)


async def evaluation_of(connection: AsyncConnection, name: str) -> Evaluation | None:
    """The newest one of that name, id or fingerprint."""
    columns = model_evaluation.c
    found = await connection.execute(
        select(model_evaluation)
        .where(or_(columns.name == name, columns.fingerprint == name, columns.id == name))
        .order_by(columns.at.desc(), columns.id.desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else _evaluation(row)


async def newest_evaluations(connection: AsyncConnection, *, limit: int) -> tuple[Evaluation, ...]:
    """Newest first."""
    columns = model_evaluation.c
    rows = await connection.execute(
        select(model_evaluation).order_by(columns.at.desc(), columns.id.desc()).limit(limit)
    )
    return tuple(_evaluation(row) for row in rows)


async def next_number(connection: AsyncConnection) -> int:
    """Of the next switch; the caller holds the lock."""
    last = await connection.scalar(select(func.max(model_switch.c.number)))
    return int(last or 0) + 1


async def add_switch(connection: AsyncConnection, switch: Switch) -> None:
    """Append a switch."""
    values = {name: getattr(switch, name) for name in Switch.__dataclass_fields__}
    await connection.execute(insert(model_switch).values(values | {"kind": switch.kind.value}))


async def newest_switches(connection: AsyncConnection, *, limit: int) -> tuple[Switch, ...]:
    """Newest first."""
    rows = await connection.execute(
        select(model_switch).order_by(model_switch.c.number.desc()).limit(limit)
    )
    return tuple(_switch(row) for row in rows)


async def last_of(connection: AsyncConnection, kind: Kind) -> Switch | None:
    """The newest switch of a kind: what it left serves."""
    found = await connection.execute(
        select(model_switch)
        .where(model_switch.c.kind == kind.value)
        .order_by(model_switch.c.number.desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else _switch(row)


async def last_standing(connection: AsyncConnection, *, kind: Kind | None = None) -> Switch | None:
    """The newest switch, of any kind or of one, that nobody has taken back."""
    query = select(model_switch).where(*_STANDING)
    if kind is not None:
        query = query.where(model_switch.c.kind == kind.value)
    found = await connection.execute(query.order_by(model_switch.c.number.desc()).limit(1))
    row = found.first()
    return None if row is None else _switch(row)


async def standing(connection: AsyncConnection) -> tuple[int, ...]:
    """Numbers of all switches that nobody has taken back: what serves follows from them."""
    query = select(model_switch.c.number).where(*_STANDING)
    return tuple(await connection.scalars(query.order_by(model_switch.c.number)))


def _evaluation(row: Row[Any]) -> Evaluation:
    return Evaluation(**{**row._mapping, "kind": Kind(row.kind)})


def _switch(row: Row[Any]) -> Switch:
    return Switch(**{**row._mapping, "kind": Kind(row.kind)})
