"""The latest shelf, kept up with the database by reading only what was added."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.lexicon import Entry
from service.db import Database
from service.lexicon import repository
from service.lexicon.shelf import Shelf

_MANY = 200
"""Parsing more rows than this goes to a thread."""


class Shelves:
    """Shared by the desk and the directory of a process."""

    def __init__(self, database: Database, base: Iterable[Entry], *, threads: bool = True) -> None:
        """`threads` False keeps all work on the event loop: virtual time."""
        self._database = database
        self._threads = threads
        self.shipped = self._shelf = Shelf.of(base)

    async def current(self) -> Shelf:
        """The shelf of the latest version."""
        async with self._database.read() as connection:
            return await self.current_in(connection)

    async def current_in(self, connection: AsyncConnection) -> Shelf:
        """The same inside a transaction that has not saved anything itself."""
        known = self._shelf
        number = await repository.head(connection)
        if number <= known.number:
            return known
        changes = await repository.latest_changes(connection, after=known.number, until=number)
        laid = partial(known.with_changes, changes, number=number)
        shelf = await asyncio.to_thread(laid) if self._threads and len(changes) > _MANY else laid()
        if shelf.number > self._shelf.number:
            self._shelf = shelf
        return shelf
