"""After a rotation: everything encrypted is written again under the newest key, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, select, update

from service.auth.privacy import KeyRing
from service.db import Database
from service.db.tables import author_handle, channel, import_piece, source

BATCH = 200

ENCRYPTED: Sequence[tuple[Table, Column[Any], tuple[str, ...]]] = (
    (author_handle, author_handle.c.author, ("handle",)),
    (source, source.c.id, ("secrets",)),
    (channel, channel.c.id, ("url", "secret")),
    (import_piece, import_piece.c.id, ("content",)),
)
"""Every encrypted column of the state database, with the key of its table."""


async def reencrypt(database: Database, keyring: KeyRing, *, batch: int = BATCH) -> int:
    """Answers how many rows were written again. Each batch is a transaction: it may be stopped
    and run anew at any time, and nobody waits for the whole. Raises Undecipherable.
    """
    return sum([await _table(database, keyring, *place, batch=batch) for place in ENCRYPTED])


async def _table(
    database: Database,
    keyring: KeyRing,
    table: Table,
    key: Column[Any],
    columns: tuple[str, ...],
    *,
    batch: int,
) -> int:
    done = 0
    last: Any = None
    query = select(key, *(table.c[name] for name in columns)).order_by(key).limit(batch)
    while True:
        rest = query if last is None else query.where(key > last)
        async with database.write() as connection:
            rows = (await connection.execute(rest.with_for_update())).all()
            for row in rows:
                values = {
                    name: keyring.renew(row._mapping[name])
                    for name in columns
                    if row._mapping[name] is not None
                }
                if values:
                    await connection.execute(update(table).where(key == row[0]).values(**values))
                    done += 1
        if len(rows) < batch:
            return done
        last = rows[-1][0]
