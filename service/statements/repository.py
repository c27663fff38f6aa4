"""Queries on statements. Functions take a connection and never commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.schema import StatementKind
from playbooks.statements import finding_json, finding_of
from service.db import tables
from service.db.storable import storable
from service.errors import Conflict, NotFound
from service.incidents import Kind
from service.statements.lifecycle import Approved, Capacity, Standing, State
from service.statements.model import (
    Approval,
    Edition,
    Fact,
    Place,
    Statement,
    StatementFilter,
    StatementSort,
)

_STATEMENT = tables.statement
_EDITION = tables.statement_edition
_APPROVAL = tables.statement_approval
_PLACE = tables.statement_place

Position = tuple[datetime, str]
"""Where a page ended."""


async def add(connection: AsyncConnection, statement: Statement, edition: Edition) -> None:
    """Insert a statement with its first wording."""
    names = Statement.__dataclass_fields__
    values = {name: getattr(statement, name) for name in names}
    await connection.execute(insert(_STATEMENT).values(values))
    await add_edition(connection, statement.id, edition)


async def add_edition(connection: AsyncConnection, statement_id: str, edition: Edition) -> None:
    """Insert a wording."""
    await connection.execute(
        insert(_EDITION).values(
            statement_id=statement_id,
            number=edition.number,
            title=edition.title,
            text=edition.text,
            variables=storable(edition.variables),
            facts=[{"text": fact.text, "source": fact.source} for fact in edition.facts],
            findings=[finding_json(finding) for finding in edition.findings],
            degraded=list(edition.degraded),
            note=edition.note,
            by=edition.by,
            at=edition.at,
            version=edition.version,
        )
    )


async def find(
    connection: AsyncConnection, statement_id: str, *, locked: bool = False
) -> Statement | None:
    """The statement, or None. `locked` keeps others from it until the transaction ends."""
    query = select(_STATEMENT).where(_STATEMENT.c.id == statement_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _statement(row)


async def get(connection: AsyncConnection, statement_id: str, *, locked: bool = False) -> Statement:
    """The statement, locked as in `find`. Raises NotFound."""
    found = await find(connection, statement_id, locked=locked)
    if found is None:
        raise NotFound(f"there is no statement {statement_id!r}")
    return found


async def change(
    connection: AsyncConnection, statement: Statement, *, now: datetime, **values: Any
) -> Statement:
    """Write changed columns if nobody else was faster. Raises Conflict."""
    done = await connection.execute(
        update(_STATEMENT)
        .where(_STATEMENT.c.id == statement.id, _STATEMENT.c.version == statement.version)
        .values(**values, updated_at=now, version=statement.version + 1)
    )
    if done.rowcount == 0:
        raise Conflict(f"statement {statement.id} has just changed; load it again")
    return await get(connection, statement.id)


async def edition(connection: AsyncConnection, statement_id: str, number: int) -> Edition:
    """One wording. Raises NotFound."""
    rows = await connection.execute(
        select(_EDITION).where(_EDITION.c.statement_id == statement_id, _EDITION.c.number == number)
    )
    row = rows.first()
    if row is None:
        raise NotFound(f"statement {statement_id} has no version {number}")
    return _edition(row)


async def editions(connection: AsyncConnection, statement_id: str) -> tuple[Edition, ...]:
    """Every wording, oldest first."""
    rows = await connection.execute(
        select(_EDITION).where(_EDITION.c.statement_id == statement_id).order_by(_EDITION.c.number)
    )
    return tuple(_edition(row) for row in rows)


async def standing(connection: AsyncConnection, statement: Statement) -> Standing:
    """Where it stands: its state, all who wrote it, and the approvals that are not void."""
    rows = await connection.execute(
        select(_EDITION.c.by).where(_EDITION.c.statement_id == statement.id).distinct()
    )
    given = await approvals(connection, statement.id)
    return Standing(
        state=statement.state,
        writers=frozenset(row[0] for row in rows),
        approvals=tuple(
            Approved(item.person, item.capacity) for item in given if item.voided_at is None
        ),
    )


async def approvals(connection: AsyncConnection, statement_id: str) -> tuple[Approval, ...]:
    """Every approval, void ones among them, oldest first."""
    rows = await connection.execute(
        select(_APPROVAL).where(_APPROVAL.c.statement_id == statement_id).order_by(_APPROVAL.c.id)
    )
    names = Approval.__dataclass_fields__.keys() - {"capacity"}
    return tuple(
        Approval(capacity=Capacity(row.capacity), **{name: row._mapping[name] for name in names})
        for row in rows
    )


async def add_approval(connection: AsyncConnection, statement_id: str, approval: Approval) -> None:
    await connection.execute(
        insert(_APPROVAL).values(
            statement_id=statement_id,
            edition=approval.edition,
            person=approval.person,
            capacity=approval.capacity.value,
            note=approval.note,
            at=approval.at,
        )
    )


async def void_approvals(
    connection: AsyncConnection, statement_id: str, *, reason: str, now: datetime
) -> int:
    """Void whatever stands; how many that were."""
    done = await connection.execute(
        update(_APPROVAL)
        .where(_APPROVAL.c.statement_id == statement_id, _APPROVAL.c.voided_at.is_(None))
        .values(voided_at=now, void_reason=reason)
    )
    return done.rowcount


async def places(connection: AsyncConnection, statement_id: str) -> tuple[Place, ...]:
    """Where it went out, in the order in which that was noted."""
    rows = await connection.execute(
        select(_PLACE).where(_PLACE.c.statement_id == statement_id).order_by(_PLACE.c.id)
    )
    names = Place.__dataclass_fields__
    return tuple(Place(**{name: row._mapping[name] for name in names}) for row in rows)


async def add_place(connection: AsyncConnection, statement_id: str, place: Place) -> None:
    values = {name: getattr(place, name) for name in Place.__dataclass_fields__}
    await connection.execute(insert(_PLACE).values(statement_id=statement_id, **values))


async def page(
    connection: AsyncConnection,
    wanted: StatementFilter,
    *,
    sort: StatementSort,
    after: Position | None,
    limit: int,
) -> tuple[Statement, ...]:
    """Newest first by `sort`, continuing after a position."""
    columns = _STATEMENT.c
    key = columns.created_at if sort is StatementSort.NEWEST else columns.updated_at
    statement = in_sight(select(_STATEMENT), columns.incident_id, wanted.within, wanted.private)
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    if after is not None:
        statement = statement.where(
            or_(key < after[0], and_(key == after[0], columns.id > after[1]))
        )
    rows = await connection.execute(statement.order_by(key.desc(), columns.id).limit(limit))
    return tuple(_statement(row) for row in rows)


def in_sight(
    query: Select[Any],
    incident_id: ColumnElement[str],
    within: frozenset[str] | None,
    private: bool,
) -> Select[Any]:
    """Only of incidents that the reader may see."""
    incident = tables.incident.c
    query = query.join(tables.incident, incident.id == incident_id)
    if not private:
        query = query.where(incident.kind != Kind.PERSON_AT_RISK.value)
    return query if within is None else query.where(incident.monitor_id.in_(sorted(within)))


def _conditions(wanted: StatementFilter) -> list[ColumnElement[bool]]:
    columns = _STATEMENT.c
    found: list[ColumnElement[bool]] = []
    if wanted.incident_id is not None:
        found.append(columns.incident_id == wanted.incident_id)
    if wanted.states:
        found.append(columns.state.in_([state.value for state in wanted.states]))
    if wanted.kinds:
        found.append(columns.kind.in_([kind.value for kind in wanted.kinds]))
    return found


def _statement(row: Row[Any]) -> Statement:
    values = row._mapping
    names = Statement.__dataclass_fields__.keys() - {"state", "kind"}
    return Statement(
        state=State(values["state"]),
        kind=StatementKind(values["kind"]),
        **{name: values[_STATEMENT.c[name]] for name in names},
    )


def _edition(row: Row[Any]) -> Edition:
    values = row._mapping
    names = Edition.__dataclass_fields__.keys() - {"facts", "findings", "degraded"}
    return Edition(
        facts=tuple(Fact(**fact) for fact in values["facts"]),
        findings=tuple(finding_of(finding) for finding in values["findings"]),
        degraded=tuple(values["degraded"]),
        **{name: values[name] for name in names},
    )
