"""Rows of topic versions and their weights. Nothing here commits."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.topics import TopicModel, dump_model, load_model
from service.db.alone import Alone, alone
from service.db.page import Page, cut
from service.db.storable import storable
from service.db.tables import topic_model as table
from service.db.tables import topic_weights as weights
from service.errors import NotFound
from service.incidents import format_instant
from service.topics.model import MOST_ACTIVE, FitState, TopicVersion

_FORGOTTEN = "forgotten"
"""The state of a row that is no version any more, only a number that is taken."""
_THERE = table.c.state != _FORGOTTEN


async def lock(connection: AsyncConnection) -> None:
    """Let nobody else number a version or activate one before this transaction ends.

    On SQLite a write does so anyway.
    """
    await alone(connection, Alone.NUMBER_TOPICS)


async def next_number(connection: AsyncConnection) -> int:
    """A number that no version has, and none had: posts keep that of a version that is gone."""
    return int(await connection.scalar(select(func.max(table.c.number))) or 0) + 1


async def count(connection: AsyncConnection) -> int:
    """How many versions there are."""
    there = select(func.count()).select_from(table).where(_THERE)
    return int(await connection.scalar(there) or 0)


async def add(connection: AsyncConnection, version: TopicVersion) -> None:
    values = {name: getattr(version, name) for name in TopicVersion.__dataclass_fields__}
    values |= {
        "state": version.state.value,
        "options": storable(version.options),
        "progress": storable(version.progress),
    }
    await connection.execute(table.insert().values(values))


async def version(connection: AsyncConnection, number: int) -> TopicVersion:
    """Raises NotFound."""
    rows = await connection.execute(select(table).where(table.c.number == number, _THERE))
    row = rows.mappings().first()
    if row is None:
        raise NotFound(f"no topics {number}; GET /v1/topics lists the versions")
    return _read(row)


async def versions(
    connection: AsyncConnection,
    *,
    monitor: str | None = None,
    among: frozenset[str] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[TopicVersion]:
    """Versions, newest first, with numbers below `before`: of one monitor, or those `among` which
    somebody may look."""
    query = select(table).where(_THERE).order_by(table.c.number.desc()).limit(limit + 1)
    if monitor is not None:
        query = query.where(table.c.monitor == monitor)
    if among is not None:
        query = query.where(table.c.monitor.is_(None) | table.c.monitor.in_(sorted(among)))
    if before is not None:
        query = query.where(table.c.number < before)
    rows = await connection.execute(query)
    return cut(
        [_read(row) for row in rows.mappings()], limit=limit, key=lambda item: str(item.number)
    )


async def first_open(connection: AsyncConnection) -> TopicVersion | None:
    """The oldest fit that is still to be done."""
    states = [state.value for state in FitState if state.is_open]
    rows = await connection.execute(
        select(table).where(table.c.state.in_(states)).order_by(table.c.number).limit(1)
    )
    row = rows.mappings().first()
    return None if row is None else _read(row)


async def active(connection: AsyncConnection) -> tuple[TopicVersion, ...]:
    """The versions that new posts are held against, by number."""
    rows = await connection.execute(
        select(table).where(table.c.active.is_(True)).order_by(table.c.number)
    )
    return tuple(_read(row) for row in rows.mappings())


async def has_room(connection: AsyncConnection, monitor: str | None) -> bool:
    """Whether a version of the monitor (None: of all posts) may be active beside the others."""
    others = [item for item in await active(connection) if item.monitor != monitor]
    return len(others) < MOST_ACTIVE


async def move(
    connection: AsyncConnection,
    number: int,
    *,
    among: frozenset[FitState],
    **values: Any,
) -> bool:
    """Change a version that is in one of the states; False if it is in another by now."""
    values = {
        name: value.value if isinstance(value, FitState) else storable(value)
        for name, value in values.items()
    }
    done = await connection.execute(
        update(table)
        .where(table.c.number == number, table.c.state.in_([state.value for state in among]))
        .values(**values)
    )
    return done.rowcount == 1


async def set_active(connection: AsyncConnection, chosen: TopicVersion) -> None:
    """The version in place of the one that was active for the same posts."""
    await connection.execute(update(table).where(_scope(chosen.monitor)).values(active=False))
    await connection.execute(
        update(table).where(table.c.number == chosen.number).values(active=True)
    )


async def note_alarm(connection: AsyncConnection, number: int, alarm: Mapping[str, Any]) -> None:
    await connection.execute(
        update(table).where(table.c.number == number).values(alarm=storable(dict(alarm)))
    )


async def forget(connection: AsyncConnection, number: int) -> None:
    """Delete a version with its weights. Its number stays taken, and nothing else of it."""
    await connection.execute(delete(weights).where(weights.c.number == number))
    await connection.execute(
        update(table)
        .where(table.c.number == number)
        .values(
            state=_FORGOTTEN,
            active=False,
            monitor=None,
            options={},
            progress={},
            reason=None,
            findings=None,
            alarm=None,
        )
    )


async def keep_model(connection: AsyncConnection, number: int, content: str) -> None:
    """Keep the weights of a version, as `packed`."""
    await connection.execute(weights.insert().values(number=number, content=content))


async def model(connection: AsyncConnection, number: int) -> TopicModel | None:
    """The weights of a version; None where it has none. Raises BadTopicModel."""
    content = await connection.scalar(select(weights.c.content).where(weights.c.number == number))
    return None if content is None else await asyncio.to_thread(_unpacked, content)


def packed(model: TopicModel) -> str:
    """Weights as the table keeps them. Takes a second for a large model."""
    return base64.b64encode(dump_model(model)).decode()


def _unpacked(content: str) -> TopicModel:
    return load_model(base64.b64decode(content))


def _scope(monitor: str | None) -> ColumnElement[bool]:
    column: ColumnElement[Any] = table.c.monitor
    return column.is_(None) if monitor is None else column == monitor


def _read(row: RowMapping) -> TopicVersion:
    values = {name: row[name] for name in TopicVersion.__dataclass_fields__}
    return TopicVersion(**{**values, "state": FitState(values["state"])})


def progress_of(stage: str, *, done: int, of: int, at: datetime) -> dict[str, Any]:
    """How far a fit has come, as kept."""
    return {"stage": stage, "done": done, "of": of, "at": format_instant(at)}
