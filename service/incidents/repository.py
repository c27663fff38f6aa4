"""Every query on incidents. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    case,
    func,
    insert,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.errors import Conflict, NotFound
from service.incidents.filters import IncidentFilter as IncidentFilter
from service.incidents.filters import filtered
from service.incidents.filters import only_open as only_open
from service.incidents.lifecycle import OPEN_STATES, State
from service.incidents.model import (
    SYSTEM_ACTOR,
    Evidence,
    Incident,
    Kind,
    TierChange,
    TimelineEntry,
)

_INCIDENT = tables.incident
_COLUMNS = [column for column in _INCIDENT.c if column.name != "outcome"]


def _incident(row: RowMapping) -> Incident:
    values: dict[str, Any] = dict(row)
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    values["reasons"] = tuple(values["reasons"])
    return Incident(**values)


async def add(connection: AsyncConnection, incident: Incident) -> None:
    """Insert a new incident."""
    values = {column.name: getattr(incident, column.name) for column in _COLUMNS}
    values["reasons"] = [dict(reason) for reason in incident.reasons]
    await connection.execute(insert(_INCIDENT).values(values))


async def find(connection: AsyncConnection, incident_id: str) -> Incident | None:
    """The incident, or None."""
    result = await connection.execute(select(*_COLUMNS).where(_INCIDENT.c.id == incident_id))
    row = result.mappings().first()
    return None if row is None else _incident(row)


async def hold(
    connection: AsyncConnection, incident_id: str, *, wait: bool = True
) -> Incident | None:
    """The incident, kept from all other writers until the transaction ends; None without one.

    A timer's handler must not wait: whoever holds the incident may be about to cancel the timer
    that its transaction holds. It fails then, and the engine fires the timer a moment later.
    """
    query = select(*_COLUMNS).where(_INCIDENT.c.id == incident_id)
    result = await connection.execute(query.with_for_update(nowait=not wait))
    row = result.mappings().first()
    return None if row is None else _incident(row)


async def get(connection: AsyncConnection, incident_id: str) -> Incident:
    """The incident. Raises NotFound naming the id."""
    found = await find(connection, incident_id)
    if found is None:
        raise NotFound(f"there is no incident {incident_id!r}")
    return found


async def change(
    connection: AsyncConnection, incident: Incident, *, now: datetime, **values: Any
) -> Incident:
    """Write changed columns if nobody else was faster. Raises Conflict otherwise."""
    if "reasons" in values:
        values["reasons"] = [dict(reason) for reason in values["reasons"]]
    result = await connection.execute(
        update(_INCIDENT)
        .where(_INCIDENT.c.id == incident.id, _INCIDENT.c.version == incident.version)
        .values(**values, updated_at=now, version=incident.version + 1)
    )
    if result.rowcount == 0:
        current = await get(connection, incident.id)
        raise Conflict(
            f"incident {incident.id} was changed by somebody else: it is {current.state.value}, "
            f"tier {current.tier}, version {current.version}; load it again"
        )
    return await get(connection, incident.id)


async def find_taking(
    connection: AsyncConnection, incident: Incident, *, scenario: str
) -> Incident | None:
    """The incident of the same monitor and kind that takes the posts of `scenario`, or None."""
    columns = _INCIDENT.c
    rows = await connection.execute(
        select(*_COLUMNS).where(
            columns.monitor_id == incident.monitor_id,
            columns.scenario == scenario,
            columns.kind == incident.kind.value,
            columns.drill.is_(incident.drill),
            columns.taking_ended_at.is_(None),
        )
    )
    row = rows.mappings().first()
    return None if row is None else _incident(row)


def _burning() -> ColumnElement[bool]:
    """Real crises that still take posts, or are open and have not calmed down yet."""
    columns = _INCIDENT.c
    uncalmed = and_(
        columns.contained_at.is_(None),
        columns.state.in_([state.value for state in OPEN_STATES]),
    )
    return and_(
        columns.kind == Kind.CRISIS.value,
        columns.drill.is_(False),
        or_(columns.taking_ended_at.is_(None), uncalmed),
    )


async def monitors_burning(connection: AsyncConnection) -> dict[str, bool]:
    """Monitors with a crisis that takes posts (True), or that only has not calmed down (False)."""
    columns = _INCIDENT.c
    takes = func.max(case((columns.taking_ended_at.is_(None), 1), else_=0))
    rows = await connection.execute(
        select(columns.monitor_id, takes)
        .where(_burning())
        .group_by(columns.monitor_id)
        .order_by(columns.monitor_id)
    )
    return {monitor_id: bool(flag) for monitor_id, flag in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One scenario of a monitor: its newest crisis, and until when ended ones have taken posts.

    `uncalmed` are open ones that take no posts any more and are not contained yet.
    """

    latest: Incident
    taken_until: datetime | None
    uncalmed: tuple[Incident, ...] = ()


async def standings(
    connection: AsyncConnection, monitor_id: str, *, since: datetime
) -> dict[str, Standing]:
    """The crises of a monitor that were opened since or still burn.

    By scenario, and by the segment whose posts they take, where a person has named another.
    """
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(
            _INCIDENT.c.monitor_id == monitor_id,
            _INCIDENT.c.kind == Kind.CRISIS.value,
            _INCIDENT.c.drill.is_(False),
            or_(_INCIDENT.c.opened_at >= since, _burning()),
        )
        .order_by(_INCIDENT.c.opened_at, _INCIDENT.c.id)
    )
    found: dict[str, Standing] = {}
    for row in rows.mappings():
        incident = _incident(row)
        for name in dict.fromkeys((incident.segment, incident.scenario)):
            if name is not None:
                found[name] = _with(found.get(name), incident)
    return found


def _with(before: Standing | None, incident: Incident) -> Standing:
    """A standing with one more, newer incident."""
    ends = [incident.taking_ended_at, before.taken_until if before else None]
    burns = not incident.is_taking and incident.contained_at is None
    uncalmed = (incident,) if burns and incident.state in OPEN_STATES else ()
    takes = before is not None and before.latest.is_taking and not incident.is_taking
    return Standing(
        latest=before.latest if before is not None and takes else incident,
        taken_until=max((end for end in ends if end), default=None),
        uncalmed=(*(before.uncalmed if before else ()), *uncalmed),
    )


Position = tuple[datetime, str]
"""Where a page of the newest incidents ended: opening time and id."""


async def newest(
    connection: AsyncConnection,
    wanted: IncidentFilter,
    *,
    before: Position | None,
    limit: int,
) -> tuple[Incident, ...]:
    """Incidents by opening time, newest first, continuing after `before` = (opened_at, id)."""
    statement = filtered(select(*_COLUMNS), wanted)
    if before is not None:
        at, incident_id = before
        statement = statement.where(
            or_(
                _INCIDENT.c.opened_at < at,
                and_(_INCIDENT.c.opened_at == at, _INCIDENT.c.id < incident_id),
            )
        )
    statement = statement.order_by(_INCIDENT.c.opened_at.desc(), _INCIDENT.c.id.desc())
    rows = await connection.execute(statement.limit(limit))
    return tuple(_incident(row) for row in rows.mappings())


async def queue(
    connection: AsyncConnection, wanted: IncidentFilter, *, limit: int, offset: int
) -> tuple[Incident, ...]:
    """Open incidents by tier, then by time to the next breach; those without a deadline last."""
    statement = filtered(select(*_COLUMNS), only_open(wanted)).order_by(
        _INCIDENT.c.tier_rank.desc(),
        _INCIDENT.c.next_due_at.is_(None),
        _INCIDENT.c.next_due_at,
        _INCIDENT.c.opened_at,
        _INCIDENT.c.id,
    )
    rows = await connection.execute(statement.limit(limit).offset(offset))
    return tuple(_incident(row) for row in rows.mappings())


async def count(connection: AsyncConnection, wanted: IncidentFilter) -> int:
    """How many incidents match."""
    statement = filtered(select(func.count()).select_from(_INCIDENT), wanted)
    return int((await connection.execute(statement)).scalar_one())


async def add_tier(connection: AsyncConnection, incident_id: str, change: TierChange) -> None:
    """Append to the tier history."""
    await connection.execute(
        insert(tables.incident_tier).values(
            incident_id=incident_id,
            tier=change.tier,
            at=change.at,
            actor=change.actor,
            reasons=[dict(reason) for reason in change.reasons],
            explanation=null() if change.explanation is None else dict(change.explanation),
        )
    )


async def tier_history(connection: AsyncConnection, incident_id: str) -> tuple[TierChange, ...]:
    """The tiers of an incident, oldest first."""
    table = tables.incident_tier
    rows = await connection.execute(
        select(table).where(table.c.incident_id == incident_id).order_by(table.c.id)
    )
    return tuple(
        TierChange(
            tier=row["tier"],
            at=row["at"],
            actor=row["actor"],
            reasons=tuple(row["reasons"]),
            explanation=row["explanation"],
        )
        for row in rows.mappings()
    )


async def add_event(
    connection: AsyncConnection,
    incident_id: str,
    *,
    at: datetime,
    kind: str,
    actor: str,
    data: Mapping[str, Any],
) -> None:
    """Append to the timeline."""
    await connection.execute(
        insert(tables.incident_event).values(
            incident_id=incident_id, at=at, kind=kind, actor=actor, data=dict(data)
        )
    )


async def timeline(
    connection: AsyncConnection, incident_id: str, *, after_id: int = 0, limit: int = 200
) -> tuple[TimelineEntry, ...]:
    """The timeline in order of writing, continuing after `after_id`."""
    table = tables.incident_event
    rows = await connection.execute(
        select(table)
        .where(table.c.incident_id == incident_id, table.c.id > after_id)
        .order_by(table.c.id)
        .limit(limit)
    )
    return tuple(
        TimelineEntry(
            id=row["id"], at=row["at"], kind=row["kind"], actor=row["actor"], data=row["data"]
        )
        for row in rows.mappings()
    )


async def add_evidence(
    connection: AsyncConnection, incident_id: str, evidence: Sequence[Evidence]
) -> None:
    """Freeze posts; one that is frozen already stays as it was."""
    if not evidence:
        return
    table = tables.incident_post
    known = set(
        (
            await connection.execute(
                select(table.c.post_id).where(
                    table.c.incident_id == incident_id,
                    table.c.post_id.in_([item.post_id for item in evidence]),
                )
            )
        ).scalars()
    )
    rows = [
        {
            "incident_id": incident_id,
            "post_id": item.post_id,
            "at": item.at,
            "copy_group": item.copy_group,
            "snapshot": dict(item.snapshot),
            "sha256": item.sha256,
            "deleted_at": item.deleted_at,
        }
        for item in evidence
        if item.post_id not in known
    ]
    if rows:
        await connection.execute(insert(table), rows)


async def evidence_of(connection: AsyncConnection, incident_id: str) -> tuple[Evidence, ...]:
    """The frozen posts, in the order in which they were taken."""
    table = tables.incident_post
    rows = await connection.execute(
        select(table)
        .where(table.c.incident_id == incident_id)
        .order_by(table.c.at, table.c.post_id)
    )
    names = Evidence.__dataclass_fields__
    return tuple(Evidence(**{name: row[name] for name in names}) for row in rows.mappings())


async def note_deletion(
    connection: AsyncConnection, post_ids: Sequence[str], *, gone: bool, at: datetime
) -> None:
    """Say of posts, in every incident, that their source has them no longer, or has them again.

    What is frozen stays as it is; each incident gets one line in its timeline.
    """
    table = tables.incident_post
    changed = table.c.deleted_at.is_(None) if gone else table.c.deleted_at.is_not(None)
    rows = await connection.execute(
        update(table)
        .where(table.c.post_id.in_(post_ids), changed)
        .values(deleted_at=at if gone else None)
        .returning(table.c.incident_id, table.c.post_id)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.incident_id, []).append(row.post_id)
    for incident_id, ids in sorted(found.items()):
        await add_event(
            connection,
            incident_id,
            at=at,
            kind="evidence_deleted" if gone else "evidence_restored",
            actor=SYSTEM_ACTOR,
            data={"posts": sorted(ids)},
        )


async def open_evidence(
    connection: AsyncConnection, *, among: Sequence[str] | None = None, limit: int = 1_000
) -> tuple[str, ...]:
    """Ids of posts that open crises have as evidence, drills apart, the latest taken first."""
    taken, incident = tables.incident_post, tables.incident
    statement = (
        select(taken.c.post_id, func.max(taken.c.at).label("at"))
        .join(incident, incident.c.id == taken.c.incident_id)
        .where(
            incident.c.state.in_([state.value for state in OPEN_STATES]),
            incident.c.kind == Kind.CRISIS.value,
            incident.c.drill.is_(False),
        )
        .group_by(taken.c.post_id)
        .order_by(func.max(taken.c.at).desc(), taken.c.post_id)
        .limit(limit)
    )
    if among is not None:
        statement = statement.where(taken.c.post_id.in_(among))
    return tuple(row.post_id for row in await connection.execute(statement))


async def count_evidence(connection: AsyncConnection, incident_id: str) -> int:
    """How many posts are frozen."""
    table = tables.incident_post
    statement = select(func.count()).select_from(table).where(table.c.incident_id == incident_id)
    return int((await connection.execute(statement)).scalar_one())


async def mark_evidence(
    connection: AsyncConnection, incident_id: str, post_id: str, *, marked_by: str
) -> None:
    """Say that a post is not about us. Raises NotFound when it is no evidence of the incident."""
    table = tables.incident_post
    result = await connection.execute(
        update(table)
        .where(table.c.incident_id == incident_id, table.c.post_id == post_id)
        .values(not_about_us=True, marked_by=marked_by)
    )
    if result.rowcount == 0:
        raise NotFound(f"post {post_id!r} is no evidence of incident {incident_id}")
