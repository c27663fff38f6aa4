"""Hand-overs, watches and links in the state database. Functions never commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases.links import Link, LinkKind, ends
from service.cases.ownership import HandOver, HandOverState
from service.cases.topics import Topic
from service.db import tables
from service.db.statement import insert as upsert
from service.errors import NotFound

_OVER, _WATCH, _LINK = tables.incident_handover, tables.incident_watch, tables.incident_link
_EVENT = tables.incident_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told of what, and the newest entry of the timeline they know of."""

    incident_id: str
    person: str
    topics: tuple[Topic, ...]
    seen: int
    since: datetime


async def offer(
    connection: AsyncConnection,
    incident_id: str,
    *,
    from_person: str | None,
    to_person: str,
    offered_by: str,
    note: str | None,
    state: HandOverState,
    now: datetime,
) -> HandOver:
    """Write a passing on down; one that is accepted already is answered at `now` too."""
    done = state is HandOverState.ACCEPTED
    number = await connection.scalar(
        insert(_OVER)
        .values(
            incident_id=incident_id,
            from_person=from_person,
            to_person=to_person,
            offered_by=offered_by,
            note=note,
            state=state.value,
            offered_at=now,
            answered_at=now if done else None,
        )
        .returning(_OVER.c.id)
    )
    return await hand_over(connection, incident_id, int(number or 0))


async def hand_over(connection: AsyncConnection, incident_id: str, number: int) -> HandOver:
    """Raises NotFound when the incident has no hand-over of that number."""
    rows = await connection.execute(
        select(_OVER).where(_OVER.c.incident_id == incident_id, _OVER.c.id == number)
    )
    row = rows.mappings().first()
    if row is None:
        raise NotFound(f"incident {incident_id} has no hand-over {number}")
    return _hand_over(row)


async def hand_overs(connection: AsyncConnection, incident_id: str) -> tuple[HandOver, ...]:
    """All of an incident, the oldest first."""
    rows = await connection.execute(
        select(_OVER).where(_OVER.c.incident_id == incident_id).order_by(_OVER.c.id)
    )
    return tuple(_hand_over(row) for row in rows.mappings())


async def waiting(connection: AsyncConnection, incident_id: str) -> HandOver | None:
    """The offer that nobody has answered, or None."""
    rows = await connection.execute(
        select(_OVER).where(
            _OVER.c.incident_id == incident_id, _OVER.c.state == HandOverState.OFFERED.value
        )
    )
    row = rows.mappings().first()
    return None if row is None else _hand_over(row)


async def answer(
    connection: AsyncConnection,
    number: int,
    state: HandOverState,
    *,
    now: datetime,
    words: str | None = None,
) -> None:
    """The offer is answered."""
    await connection.execute(
        update(_OVER)
        .where(_OVER.c.id == number)
        .values(state=state.value, answered_at=now, answer=words)
    )


async def watch(
    connection: AsyncConnection,
    incident_id: str,
    person: str,
    topics: Collection[Topic],
    *,
    now: datetime,
) -> Watch:
    """Tell them from now on; whoever watches already changes what they hear of."""
    chosen = sorted(topic.value for topic in set(topics))
    newest = await connection.scalar(
        select(func.max(_EVENT.c.id)).where(_EVENT.c.incident_id == incident_id)
    )
    await connection.execute(
        upsert(connection, _WATCH)
        .values(incident_id=incident_id, person=person, topics=chosen, seen=newest or 0, since=now)
        .on_conflict_do_update(index_elements=["incident_id", "person"], set_={"topics": chosen})
    )
    found = await connection.execute(
        select(_WATCH).where(_WATCH.c.incident_id == incident_id, _WATCH.c.person == person)
    )
    return _watch(found.mappings().one())


async def unwatch(connection: AsyncConnection, incident_id: str, person: str) -> bool:
    """Whether they watched."""
    gone = await connection.execute(
        delete(_WATCH).where(_WATCH.c.incident_id == incident_id, _WATCH.c.person == person)
    )
    return bool(gone.rowcount)


async def watchers(connection: AsyncConnection, incident_id: str) -> tuple[Watch, ...]:
    """Those of an incident, by person."""
    rows = await connection.execute(
        select(_WATCH).where(_WATCH.c.incident_id == incident_id).order_by(_WATCH.c.person)
    )
    return tuple(_watch(row) for row in rows.mappings())


async def behind(connection: AsyncConnection) -> tuple[Watch, ...]:
    """Watches of incidents whose timeline has entries that they do not know of."""
    newer = select(_EVENT.c.id).where(
        _EVENT.c.incident_id == _WATCH.c.incident_id, _EVENT.c.id > _WATCH.c.seen
    )
    rows = await connection.execute(
        select(_WATCH).where(newer.exists()).order_by(_WATCH.c.incident_id, _WATCH.c.person)
    )
    return tuple(_watch(row) for row in rows.mappings())


async def earliest_unseen(connection: AsyncConnection) -> datetime | None:
    """When the oldest entry was written that a watcher does not know of; None when all do."""
    found: datetime | None = await connection.scalar(
        select(func.min(_EVENT.c.at))
        .join(_WATCH, _WATCH.c.incident_id == _EVENT.c.incident_id)
        .where(_EVENT.c.id > _WATCH.c.seen)
    )
    return found


async def saw(connection: AsyncConnection, watch: Watch, newest: int) -> None:
    """They know of everything up to that entry; a faster replica is not set back."""
    await connection.execute(
        update(_WATCH)
        .where(
            _WATCH.c.incident_id == watch.incident_id,
            _WATCH.c.person == watch.person,
            _WATCH.c.seen < newest,
        )
        .values(seen=newest)
    )


async def add_link(connection: AsyncConnection, link: Link) -> bool:
    """False when it is there already."""
    from_id, to_id = ends(link.from_id, link.to_id, link.kind)
    made = await connection.execute(
        upsert(connection, _LINK)
        .values(
            from_id=from_id,
            to_id=to_id,
            kind=link.kind.value,
            note=link.note,
            by=link.by,
            at=link.at,
        )
        .on_conflict_do_nothing(index_elements=["from_id", "to_id", "kind"])
    )
    return bool(made.rowcount)


async def remove_link(connection: AsyncConnection, link: Link) -> None:
    """It is gone."""
    await connection.execute(
        delete(_LINK).where(
            _LINK.c.from_id == link.from_id,
            _LINK.c.to_id == link.to_id,
            _LINK.c.kind == link.kind.value,
        )
    )


async def links(connection: AsyncConnection, *incident_ids: str) -> tuple[Link, ...]:
    """Every link that touches one of them, the oldest first."""
    rows = await connection.execute(
        select(_LINK)
        .where(or_(_LINK.c.from_id.in_(incident_ids), _LINK.c.to_id.in_(incident_ids)))
        .order_by(_LINK.c.at, _LINK.c.from_id, _LINK.c.to_id, _LINK.c.kind)
    )
    return tuple(Link(**{**row, "kind": LinkKind(row["kind"])}) for row in rows.mappings())


def _hand_over(row: RowMapping) -> HandOver:
    values: dict[str, Any] = {**row, "state": HandOverState(row["state"])}
    return HandOver(**values)


def _watch(row: RowMapping) -> Watch:
    values: dict[str, Any] = {**row, "topics": tuple(Topic(item) for item in row["topics"])}
    return Watch(**values)
