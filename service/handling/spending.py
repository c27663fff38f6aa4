"""What the cost of incidents is made of: entries on the timeline, promises, steps done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.statements import PromiseKind
from service.db import tables
from service.handling.cost import CostKind, Entry, Work
from service.handling.steps import steps_of
from service.incidents import State
from service.risks.money import money_of
from service.statements import PromiseState

ENTERED, WITHDRAWN = "cost_entered", "cost_withdrawn"
"""What costs are called on the timeline of the incident, where they are kept."""
PAID = (PromiseKind.GIFT.value, PromiseKind.REFUND.value, PromiseKind.COMPENSATION.value)
"""Promises of money; remedies and dates cost hours."""
_INCIDENT, _PROMISE = tables.incident.c, tables.promise.c
_OWED = (PromiseState.OPEN.value, PromiseState.KEPT.value)


async def works_of(
    connection: AsyncConnection,
    opened: Mapping[str, datetime],
    where: Sequence[ColumnElement[bool]],
) -> Mapping[str, Work]:
    """What the cost of incidents is made of, by id; `where` finds them.

    What was merged into one is part of it: no hour and no amount is lost with it.
    """
    merged = await absorbed(connection)
    root = {incident: incident for incident in opened} | {
        incident: end for incident, end in merged.items() if end in opened
    }
    parts = sorted(set(root) - set(opened))
    these = (or_(and_(*where), _INCIDENT.id.in_(parts)),)
    entries = await _entries(connection, these, root=root)
    owed: dict[str, list[str]] = defaultdict(list)
    for incident, promise in await _owed(connection, these):
        owed[root[incident]].append(promise)
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for incident, steps in (await steps_of(connection, these)).items():
        done[root[incident]].update(steps.by_role)
    return {
        incident: Work(
            opened_at=at,
            entries=tuple(entries[incident].values()),
            steps_done=done[incident],
            owed=tuple(owed[incident]),
        )
        for incident, at in opened.items()
    }


async def absorbed(connection: AsyncConnection) -> Mapping[str, str]:
    """Into which incident each merged one went in the end."""
    rows = await connection.execute(
        select(_INCIDENT.id, _INCIDENT.merged_into).where(_INCIDENT.state == State.MERGED.value)
    )
    into = {row.id: row.merged_into for row in rows}
    return {incident: _end(incident, into) for incident in into}


def _end(incident: str, into: Mapping[str, str | None]) -> str:
    seen = {incident}
    while (following := into.get(incident)) is not None and following not in seen:
        seen.add(following)
        incident = following
    return incident


async def _entries(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]], *, root: Mapping[str, str]
) -> defaultdict[str, dict[int, Entry]]:
    """By the incident they count for: what was entered and not withdrawn, in order."""
    event = tables.incident_event
    rows = await connection.execute(
        select(event)
        .join(tables.incident, _INCIDENT.id == event.c.incident_id)
        .where(*where, event.c.kind.in_((ENTERED, WITHDRAWN)))
        .order_by(event.c.id)
    )
    found: defaultdict[str, dict[int, Entry]] = defaultdict(dict)
    for row in rows:
        entries = found[root[row.incident_id]]
        if row.kind == ENTERED:
            entries[row.id] = _entry(row)
        else:
            entries.pop(row.data["entry"], None)
    return found


async def _owed(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]]
) -> list[tuple[str, str]]:
    """Promises of money in public, kept or not, with their incidents."""
    rows = await connection.execute(
        select(_PROMISE.incident_id, _PROMISE.id)
        .join(tables.incident, _INCIDENT.id == _PROMISE.incident_id)
        .where(*where, _PROMISE.kind.in_(PAID), _PROMISE.state.in_(_OWED))
        .order_by(_PROMISE.id)
    )
    return [(row.incident_id, row.id) for row in rows]


def _entry(row: Row[Any]) -> Entry:
    data = row.data
    return Entry(
        id=row.id,
        kind=CostKind(data["kind"]),
        at=row.at,
        by=row.actor,
        role=data["role"],
        hours=None if data["hours"] is None else Decimal(data["hours"]),
        money=None if data["money"] is None else money_of(data["money"]),
        promise=data["promise"],
        note=data["note"],
    )
