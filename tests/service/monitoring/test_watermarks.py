"""Watermarks: how far each monitor has been looked at, across a restart."""

from __future__ import annotations

from datetime import timedelta

from service.db import Database
from service.monitoring import watermarks
from service.monitoring.watermarks import Watermark
from tests.support.clock import START


async def test_there_are_none_at_first(database: Database) -> None:
    async with database.read() as connection:
        assert await watermarks.load(connection) == {}


async def test_each_monitor_has_one_that_moves(database: Database) -> None:
    later = START + timedelta(minutes=5)
    async with database.write() as connection:
        await watermarks.save(connection, "a", ticked_at=START, seen_until=START)
        await watermarks.save(connection, "b", ticked_at=START, seen_until=START)
        await watermarks.save(connection, "a", ticked_at=later, seen_until=START)
    async with database.read() as connection:
        found = await watermarks.load(connection)
    assert found == {
        "a": Watermark(ticked_at=later, seen_until=START, saved_at=later),
        "b": Watermark(ticked_at=START, seen_until=START, saved_at=START),
    }
