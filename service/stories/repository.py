"""Stories in the state database: kept, merged, split, counted, read."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.stories import Knowledge, Merge, Phase, SavedStory, Split
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import story, story_facet, story_knowledge, story_post

_CHUNK = 200
MONITOR, SOURCE = "monitor", "source"
_LONGEST_NAME = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A post of a story; `leads` says whether copies of it belong there too."""

    post_id: str
    story_id: str
    at: datetime
    author: str | None
    source: str
    sentiment: str | None
    monitors: tuple[str, ...]
    copy_group: str
    leads: bool


async def homes(connection: AsyncConnection, post_ids: Sequence[str]) -> dict[str, str]:
    """Story ids of those posts that are in one."""
    found: dict[str, str] = {}
    for start in range(0, len(post_ids), 2 * _CHUNK):
        rows = await connection.execute(
            select(story_post.c.post_id, story_post.c.story_id).where(
                story_post.c.post_id.in_(post_ids[start : start + 2 * _CHUNK])
            )
        )
        found |= {row.post_id: row.story_id for row in rows}
    return found


async def kept(connection: AsyncConnection, ids: Sequence[str]) -> list[SavedStory]:
    """Stories by id, merged ones left out."""
    found: list[SavedStory] = []
    for start in range(0, len(ids), _CHUNK):
        rows = await connection.execute(
            select(story).where(
                story.c.id.in_(ids[start : start + _CHUNK]), story.c.phase != Phase.MERGED.value
            )
        )
        found += [_saved(row) for row in rows]
    return found


async def active(connection: AsyncConnection, *, most: int) -> list[SavedStory]:
    """Seeds and open stories, those with the latest posts."""
    rows = await connection.execute(
        select(story)
        .where(story.c.phase.in_([Phase.SEED.value, Phase.OPEN.value]))
        .order_by(story.c.last_at.desc(), story.c.id)
        .limit(most)
    )
    return [_saved(row) for row in rows]


async def latest_members(connection: AsyncConnection, *, most: int) -> list[Member]:
    """Posts of stories, the latest first."""
    rows = await connection.execute(
        select(story_post).order_by(story_post.c.at.desc(), story_post.c.post_id).limit(most)
    )
    return [_member(row) for row in rows]


async def members(
    connection: AsyncConnection, story_id: str, *, after: str = "", limit: int = 1_000
) -> list[Member]:
    """Posts of one story by id."""
    rows = await connection.execute(
        select(story_post)
        .where(story_post.c.story_id == story_id, story_post.c.post_id > after)
        .order_by(story_post.c.post_id)
        .limit(limit)
    )
    return [_member(row) for row in rows]


async def add_members(connection: AsyncConnection, found: Sequence[Member]) -> None:
    """Note posts as placed; one that is placed already stays where it is."""
    rows = [
        {
            "post_id": item.post_id,
            "story_id": item.story_id,
            "at": item.at,
            "author": item.author,
            "source": item.source,
            "sentiment": item.sentiment,
            "monitors": list(item.monitors),
            "copy_group": item.copy_group,
            "leads": item.leads,
        }
        for item in found
    ]
    if rows:
        statement = insert(connection, story_post).on_conflict_do_nothing(
            index_elements=["post_id"]
        )
        await connection.execute(statement, rows)


async def save(
    connection: AsyncConnection, stories: Iterable[tuple[SavedStory, Phase]], *, at: datetime
) -> None:
    """Write stories with what they count, as they are now."""
    rows, facets = [], []
    for item, phase in stories:
        rows.append(_row(item, phase, at=at))
        tally = item.data["tally"]
        for kind, counts in ((MONITOR, tally["monitors"]), (SOURCE, tally["sources"])):
            facets += [
                {"story_id": item.id, "kind": kind, "name": name[:_LONGEST_NAME], "posts": posts}
                for name, posts in counts.items()
            ]
    if not rows:
        return
    statement = insert(connection, story)
    fresh = {
        column.name: statement.excluded[column.name]
        for column in story.columns
        if column.name not in {"id", "merged_into"}
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=fresh), rows
    )
    await _drop_facets(connection, [row["id"] for row in rows])
    if facets:
        await connection.execute(
            insert(connection, story_facet).on_conflict_do_nothing(
                index_elements=["story_id", "kind", "name"]
            ),
            [storable(facet) for facet in facets],
        )


async def regroup(
    connection: AsyncConnection, changes: Sequence[Merge | Split], *, at: datetime
) -> None:
    """Move posts as stories were merged and split, in that order; a merged id leads on."""
    for change in changes:
        if isinstance(change, Split):
            for start in range(0, len(change.groups), _CHUNK):
                await connection.execute(
                    update(story_post)
                    .where(
                        story_post.c.story_id == change.origin.id,
                        story_post.c.copy_group.in_(change.groups[start : start + _CHUNK]),
                    )
                    .values(story_id=change.part.id)
                )
            continue
        gone, into = change.gone, change.into
        await connection.execute(
            update(story_post).where(story_post.c.story_id == gone.id).values(story_id=into.id)
        )
        await connection.execute(
            update(story).where(story.c.merged_into == gone.id).values(merged_into=into.id)
        )
        if not gone.shown:
            await drop(connection, [gone.id])
            continue
        await _drop_facets(connection, [gone.id])
        redirect = {
            "id": gone.id,
            "phase": Phase.MERGED.value,
            "space": gone.space,
            "posts": 0,
            "heat": gone.tally.heat,
            "first_at": _instant(gone.tally.first_at),
            "last_at": _instant(gone.tally.last_at),
            "data": {},
            "mean": "",
            "origin": gone.origin,
            "merged_into": into.id,
            "updated_at": at,
        }
        statement = insert(connection, story).values(redirect)
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={name: value for name, value in redirect.items() if name != "id"},
            )
        )


async def drop(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Forget stories, what they count, which posts they have, and the ids that lead to them."""
    await _drop_facets(connection, ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        await connection.execute(delete(story_post).where(story_post.c.story_id.in_(chunk)))
        await connection.execute(
            delete(story).where(story.c.id.in_(chunk) | story.c.merged_into.in_(chunk))
        )


async def knowledge(connection: AsyncConnection) -> list[Knowledge]:
    """What was learnt of words and spaces."""
    rows = await connection.execute(select(story_knowledge).order_by(story_knowledge.c.name))
    return [
        Knowledge(name=row.name, seen=row.seen, values=base64.b64decode(row.content))
        for row in rows
    ]


async def keep_knowledge(connection: AsyncConnection, learnt: Iterable[Knowledge]) -> None:
    """Write it over what was kept before."""
    rows = [
        {
            "name": item.name,
            "seen": item.seen,
            "content": base64.b64encode(item.values).decode("ascii"),
        }
        for item in learnt
    ]
    statement = insert(connection, story_knowledge)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={name: statement.excluded[name] for name in ("seen", "content")},
        ),
        rows,
    )


async def _drop_facets(connection: AsyncConnection, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _CHUNK):
        await connection.execute(
            delete(story_facet).where(story_facet.c.story_id.in_(ids[start : start + _CHUNK]))
        )


def _row(item: SavedStory, phase: Phase, *, at: datetime) -> dict[str, Any]:
    tally = item.data["tally"]
    return {
        "id": item.id,
        "phase": phase.value,
        "space": item.space,
        "posts": tally["posts"],
        "heat": tally["heat"],
        "first_at": _instant(tally["first_at"]),
        "last_at": _instant(tally["last_at"]),
        "data": storable(item.data),
        "mean": base64.b64encode(item.mean).decode("ascii"),
        "origin": item.data["origin"],
        "merged_into": None,
        "updated_at": at,
    }


def _saved(row: Row[Any]) -> SavedStory:
    data: Mapping[str, Any] = row.data
    return SavedStory(id=row.id, space=row.space, data=data, mean=base64.b64decode(row.mean))


def _member(row: Row[Any]) -> Member:
    values = dict(row._mapping)
    return Member(**values | {"monitors": tuple(values["monitors"])})


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
