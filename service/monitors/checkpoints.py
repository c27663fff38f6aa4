"""Checkpoints that outlive the process: the durable CheckpointStore of the crawlers' engine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from crawlers import Checkpoint, Outcome
from service.db import Database
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import checkpoint as table


class DurableCheckpoints:
    """Keeps each source's cursor, due time and last outcome in the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, name: str) -> Checkpoint | None:
        """The checkpoint of the source called `name`, None if it was never pulled."""
        async with self._database.read() as connection:
            found = await connection.execute(select(table).where(table.c.source_id == name))
            row = found.first()
        if row is None:
            return None
        return Checkpoint(
            source=row.source_id,
            cursor=row.cursor,
            next_due_at=row.next_due_at,
            failures=row.failures,
            last_outcome=None if row.last_outcome is None else Outcome(row.last_outcome),
            last_outcome_at=row.last_outcome_at,
            last_ok_at=row.last_ok_at,
            last_reason=row.last_reason,
        )

    async def save(self, checkpoint: Checkpoint) -> None:
        """Keep `checkpoint` in place of the one that the source had."""
        outcome = checkpoint.last_outcome
        cursor = checkpoint.cursor
        values = {
            "cursor": None if cursor is None else storable(cursor),
            "next_due_at": checkpoint.next_due_at,
            "failures": checkpoint.failures,
            "last_outcome": None if outcome is None else outcome.value,
            "last_outcome_at": checkpoint.last_outcome_at,
            "last_ok_at": checkpoint.last_ok_at,
            "last_reason": storable(checkpoint.last_reason),
        }
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, table)
                .values(source_id=checkpoint.source, **values)
                .on_conflict_do_update(index_elements=["source_id"], set_=values)
            )

    async def due(self, now: datetime) -> list[str]:
        """Names whose `next_due_at` is at or before `now`, or not set; the longest due first."""
        async with self._database.read() as connection:
            names = await connection.scalars(
                select(table.c.source_id)
                .where(or_(table.c.next_due_at.is_(None), table.c.next_due_at <= now))
                .order_by(table.c.next_due_at.asc().nulls_first(), table.c.source_id)
            )
            return list(names)
