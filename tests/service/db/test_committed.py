from __future__ import annotations

import pytest

from service.db import Database
from service.db.committed import when_committed


async def test_it_is_said_once_what_is_kept(sqlite_database: Database) -> None:
    said: list[str] = []

    async with sqlite_database.write() as connection:
        when_committed(connection, lambda: said.append("kept"))
        assert said == []
    async with sqlite_database.write():
        pass

    assert said == ["kept"]


async def test_what_is_rolled_back_is_never_said(sqlite_database: Database) -> None:
    said: list[str] = []

    async def broken() -> None:
        async with sqlite_database.write() as connection:
            when_committed(connection, lambda: said.append("lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    async with sqlite_database.write():
        pass

    assert said == []
