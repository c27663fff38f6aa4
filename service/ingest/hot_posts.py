"""Every query on hot posts. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import Heat, Looks, NextLook, first_look
from service.db.statement import insert
from service.db.tables import hot_post as table
from service.stores.post_store import StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class HotPost:
    """A post that is read again; `missed` says that the look at `looked_at` did not find it."""

    post_id: str
    native_id: str
    heat: Heat
    looks: Looks
    missed: bool
    looked_at: datetime | None


async def heat_up(
    connection: AsyncConnection, posts: Sequence[StoredPost], *, heat: Heat, now: datetime
) -> None:
    """Begin to read posts again; those that have gone cold are hot anew."""
    if not posts:
        return
    rows = [
        {
            "post_id": post.id,
            "source_id": post.via,
            "native_id": post.native_id,
            "heat": heat.value,
            "step": 0,
            "still": 0,
            "missed": False,
            "hot_since": now,
            "due_at": first_look(post.id, now=now),
        }
        for post in posts
    ]
    statement = insert(connection, table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name != "post_id"}
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["post_id"], set_=fresh, where=table.c.due_at.is_(None)
        ),
        rows,
    )


async def known(
    connection: AsyncConnection, post_ids: Collection[str], *, cold_too: bool
) -> set[str]:
    """Those of the posts that are read again now, or (`cold_too`) were a while ago."""
    statement = select(table.c.post_id).where(table.c.post_id.in_(post_ids))
    if not cold_too:
        statement = statement.where(table.c.due_at.is_not(None))
    return set((await connection.execute(statement)).scalars())


async def due(
    connection: AsyncConnection, source_id: str, *, now: datetime, limit: int
) -> tuple[HotPost, ...]:
    """Posts of one source whose look is due, the longest due first."""
    rows = await connection.execute(
        select(table)
        .where(table.c.source_id == source_id, table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.post_id)
        .limit(limit)
    )
    return tuple(_hot_post(row) for row in rows.mappings())


async def earliest(
    connection: AsyncConnection, source_ids: Collection[str]
) -> Mapping[str, datetime]:
    """When the next look of each source is due; sources without one are left out."""
    rows = await connection.execute(
        select(table.c.source_id, func.min(table.c.due_at).label("at"))
        .where(table.c.source_id.in_(source_ids), table.c.due_at.is_not(None))
        .group_by(table.c.source_id)
    )
    return {row.source_id: row.at for row in rows}


async def keep(
    connection: AsyncConnection, post_id: str, after: NextLook, *, missed: bool, now: datetime
) -> None:
    """Remember a look and when the next one is due."""
    await connection.execute(
        update(table)
        .where(table.c.post_id == post_id)
        .values(
            heat=after.heat.value,
            step=after.looks.step,
            still=after.looks.still,
            missed=missed,
            looked_at=now,
            due_at=after.due_at,
        )
    )


async def forget_cold(connection: AsyncConnection, *, before: datetime) -> None:
    """Forget posts that went cold before the instant."""
    await connection.execute(
        delete(table).where(table.c.due_at.is_(None), table.c.looked_at < before)
    )


def _hot_post(row: RowMapping) -> HotPost:
    return HotPost(
        post_id=row["post_id"],
        native_id=row["native_id"],
        heat=Heat(row["heat"]),
        looks=Looks(step=row["step"], still=row["still"]),
        missed=row["missed"],
        looked_at=row["looked_at"],
    )
