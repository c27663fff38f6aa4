"""Whether anything of a kind was edited since it was last read, by polling the table of changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from service.db import Database
from service.db.changes import mark

FoundT = TypeVar("FoundT")


class Edits:
    """Stands before a cache of one kind (`monitor`, `brand`) and says when to read it again."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind
        self._generation = -1
        self._mark: tuple[int, int] | None = None

    async def fresh(self, read: Callable[[], Awaitable[FoundT]]) -> FoundT | None:
        """What `read` answers if there were edits since the last time, else None.

        On SQLite another process's edit (`fengsui apply`) is seen after this one's next write.
        A `read` that fails is asked again the next time.
        """
        if self._database.is_sqlite and self._generation == self._database.generation:
            return None
        generation = self._database.generation
        async with self._database.read() as connection:
            current = await mark(connection, self._kind)
        found = None if current == self._mark else await read()
        self._generation, self._mark = generation, current
        return found
