"""One version written: its changes, the audit row, the word to the replicas. Nothing commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.lexicon import COLUMNS, Entry
from service.audit import record as audit
from service.db.changes import announce
from service.lexicon import repository
from service.lexicon.cells import cells_of
from service.lexicon.model import Cells, Change, ChangeState, LexiconVersion
from service.lexicon.shelf import Shelf

_KIND = "lexicon"
_MOST_TOLD = 100
"""Entries that an audit row names one by one."""


def change_of(shelf: Shelf, entry: Entry, state: ChangeState, *, save: LexiconVersion) -> Change:
    """The next change of an entry."""
    return Change(
        entry_id=entry.id,
        entry_version=shelf.version_of(entry.id) + 1,
        state=state,
        cells=cells_of(entry),
        save=save,
    )


def difference(before: Cells | None, after: Cells) -> dict[str, Any]:
    """The columns that differ, as the trail keeps them."""
    return {
        column: {"before": None if before is None else before[column], "after": after[column]}
        for column in COLUMNS
        if before is None or before[column] != after[column]
    }


async def save_version(
    connection: AsyncConnection,
    save: LexiconVersion,
    changes: Sequence[Change],
    *,
    told: Mapping[str, Any] | None = None,
) -> LexiconVersion:
    """Append the version in the caller's transaction; `told` makes it one about its only entry."""
    await repository.add(connection, save, changes)
    one = changes[0].entry_id if told is not None else None
    named = {} if one else {"entries": [change.entry_id for change in changes[:_MOST_TOLD]]}
    await audit(
        connection,
        at=save.at,
        actor=save.author,
        action=f"{_KIND}.{save.kind.value}",
        subject_type=_KIND,
        subject_id=one or f"version {save.number}",
        data={
            "version": save.number,
            "reason": save.reason,
            "changes": save.changes,
            "restored": save.restored,
            **named,
            **(told or {}),
        },
    )
    await announce(
        connection,
        at=save.at,
        kind=_KIND,
        subject_id=one or str(save.number),
        data={"change": save.kind.value, "version": save.number},
    )
    return save
