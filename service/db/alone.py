"""One writer at a time where rows that are not there yet cannot be locked."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncConnection


class Alone(IntEnum):
    """What one transaction at a time may do; the numbers name PostgreSQL's advisory locks."""

    MIGRATE = 6_021_023
    SAVE_LEXICON = 6_021_024
    SAVE_RULES = 6_021_025
    NUMBER_TOPICS = 6_021_026
    WRITE_STORIES = 6_021_027
    SET_THRESHOLDS = 6_021_028
    SWITCH_MODELS = 6_021_032
    CHANGE_RATES = 6_021_033
    FIND_CAUSES = 6_021_040


async def alone(connection: AsyncConnection, doing: Alone) -> None:
    """Wait until no other transaction does this, and keep others from it until this one ends.

    On SQLite a write transaction is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({doing.value})")
