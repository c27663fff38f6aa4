"""Proofs that act once: what has been used is remembered, by an id derived from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.tables import used_proof as table
from service.ids import stable_id


class ProofKind(StrEnum):
    LINK = "link"
    PAGERDUTY = "pagerduty"
    TRACKER = "tracker"


async def used_at(connection: AsyncConnection, kind: ProofKind, *parts: str) -> datetime | None:
    """When the proof acted; None for one that has not."""
    at: datetime | None = await connection.scalar(
        select(table.c.at).where(table.c.id == stable_id("prf", kind, *parts))
    )
    return at


async def use(
    connection: AsyncConnection, kind: ProofKind, *parts: str, subject_id: str, at: datetime
) -> bool:
    """Take it at `at`; the first time counts, and answers True. Take it before the deed: of two who
    have it at once only one is to act.
    """
    made = await connection.execute(
        insert(connection, table)
        .values(
            id=stable_id("prf", kind, *parts), kind=kind.value, subject_id=subject_id[:128], at=at
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    return made.rowcount == 1


async def give_back(connection: AsyncConnection, kind: ProofKind, *parts: str) -> None:
    """It has not acted after all."""
    await connection.execute(delete(table).where(table.c.id == stable_id("prf", kind, *parts)))


async def prune(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget proofs that acted before; answers how many. What they prove must be over by then."""
    return (await connection.execute(delete(table).where(table.c.at < before))).rowcount
