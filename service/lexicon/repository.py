"""Rows of the lexicon's versions and changes. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.alone import Alone, alone
from service.db.page import Page, cut
from service.db.tables import lexicon_change, lexicon_version
from service.errors import NotFound
from service.lexicon.model import Change, ChangeState, LexiconVersion, SaveKind

_CHANGE = (
    lexicon_change.c.entry_id,
    lexicon_change.c.entry_version,
    lexicon_change.c.state,
    lexicon_change.c.cells,
)


async def lock(connection: AsyncConnection) -> None:
    """Let nobody else save before this transaction ends; on SQLite a write does so anyway."""
    await alone(connection, Alone.SAVE_LEXICON)


async def head(connection: AsyncConnection) -> int:
    """The number of the latest version; 0 when nothing was ever saved."""
    number = await connection.scalar(select(func.max(lexicon_version.c.number)))
    return int(number or 0)


async def version(connection: AsyncConnection, number: int) -> LexiconVersion:
    """One save. Raises NotFound."""
    found = await connection.execute(
        select(lexicon_version).where(lexicon_version.c.number == number)
    )
    row = found.first()
    if row is None:
        raise NotFound(f"the lexicon has no version {number}")
    return _version(row)


async def versions(
    connection: AsyncConnection, *, before: int | None, limit: int
) -> Page[LexiconVersion]:
    """Saves, newest first, with numbers below `before`."""
    query = select(lexicon_version).order_by(lexicon_version.c.number.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(lexicon_version.c.number < before)
    rows = await connection.execute(query)
    return cut([_version(row) for row in rows], limit=limit, key=lambda item: str(item.number))


async def latest_changes(
    connection: AsyncConnection, *, after: int = 0, until: int | None = None
) -> tuple[Change, ...]:
    """The last change of each entry in versions above `after` and up to `until`, by entry."""
    chosen = select(func.max(lexicon_change.c.id)).where(lexicon_change.c.number > after)
    if until is not None:
        chosen = chosen.where(lexicon_change.c.number <= until)
    rows = await connection.execute(
        select(*_CHANGE, lexicon_version)
        .join(lexicon_version)
        .where(lexicon_change.c.id.in_(chosen.group_by(lexicon_change.c.entry_id)))
        .order_by(lexicon_change.c.entry_id)
    )
    return tuple(_change(row) for row in rows)


async def history(connection: AsyncConnection, entry_id: str, *, limit: int) -> tuple[Change, ...]:
    """What became of one entry, newest first."""
    rows = await connection.execute(
        select(*_CHANGE, lexicon_version)
        .join(lexicon_version)
        .where(lexicon_change.c.entry_id == entry_id)
        .order_by(lexicon_change.c.id.desc())
        .limit(limit)
    )
    return tuple(_change(row) for row in rows)


async def add(connection: AsyncConnection, save: LexiconVersion, changes: Sequence[Change]) -> None:
    """Append a version and its changes."""
    await connection.execute(
        lexicon_version.insert().values(
            number=save.number,
            kind=save.kind.value,
            author=save.author,
            reason=save.reason,
            at=save.at,
            changes=save.changes,
            restored=save.restored,
        )
    )
    if changes:
        await connection.execute(
            lexicon_change.insert(),
            [
                {
                    "number": save.number,
                    "entry_id": change.entry_id,
                    "entry_version": change.entry_version,
                    "state": change.state.value,
                    "cells": None if change.cells is None else dict(change.cells),
                }
                for change in changes
            ],
        )


def _version(row: Row[Any]) -> LexiconVersion:
    return LexiconVersion(
        number=row.number,
        kind=SaveKind(row.kind),
        author=row.author,
        reason=row.reason,
        at=row.at,
        changes=row.changes,
        restored=row.restored,
    )


def _change(row: Row[Any]) -> Change:
    return Change(
        entry_id=row.entry_id,
        entry_version=row.entry_version,
        state=ChangeState(row.state),
        cells=row.cells,
        save=_version(row),
    )
