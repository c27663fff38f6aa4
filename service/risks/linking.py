"""What an entry is linked to: incidents and improvements that are there and may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.db import tables
from service.errors import InvalidInput, NotFound
from service.incidents import Kind
from service.risks.model import Link, LinkKind

_INCIDENT, _IMPROVEMENT = tables.incident, tables.improvement


async def require_target(
    connection: AsyncConnection, principal: Principal, kind: LinkKind, target_id: str
) -> None:
    """Raises NotFound for what is not there or not theirs to see, InvalidInput for a drill."""
    row = (await _rows(connection, kind, [target_id])).get(target_id)
    if row is None or not _in_sight(principal, row):
        raise NotFound(f"there is no {kind} {target_id!r}")
    if row.kind == Kind.PERSON_AT_RISK:
        raise InvalidInput(
            "a person at risk stays private to its rota: link no entry to it",
            errors=[("target", "another incident")],
        )
    if row.drill:
        raise InvalidInput(
            "this is of a drill: a register holds what is real", errors=[("target", "a real one")]
        )


async def named(
    connection: AsyncConnection, principal: Principal, links: Sequence[Link]
) -> tuple[Link, ...]:
    """Links with the titles and states of now, where this reader may know them."""
    known: dict[tuple[LinkKind, str], Row[Any]] = {}
    for kind in LinkKind:
        wanted = [link.target_id for link in links if link.kind is kind]
        for target_id, row in (await _rows(connection, kind, wanted)).items():
            known[kind, target_id] = row

    def told(link: Link) -> Link:
        row = known.get((link.kind, link.target_id))
        if row is None or not _in_sight(principal, row):
            return link
        return replace(link, title=row.title, state=row.state)

    return tuple(map(told, links))


def _in_sight(principal: Principal, row: Row[Any]) -> bool:
    if row.kind == Kind.PERSON_AT_RISK and not principal.may(Action.READ, Resource.PERSON_AT_RISK):
        return False
    return principal.may(Action.READ, Resource.INCIDENT, monitor=row.monitor_id)


async def _rows(
    connection: AsyncConnection, kind: LinkKind, ids: Sequence[str]
) -> dict[str, Row[Any]]:
    """An improvement is as visible, and as real, as the incident that it is of."""
    if not ids:
        return {}
    incident = _INCIDENT.c
    about = (incident.kind, incident.drill, incident.monitor_id)
    if kind is LinkKind.INCIDENT:
        query = select(incident.id, incident.title, incident.state, *about)
        rows: Iterable[Row[Any]] = await connection.execute(query.where(incident.id.in_(ids)))
    else:
        item = _IMPROVEMENT.c
        query = select(item.id, item.title, item.state, *about).join(
            _INCIDENT, incident.id == item.incident_id
        )
        rows = await connection.execute(query.where(item.id.in_(ids)))
    return {row.id: row for row in rows}
