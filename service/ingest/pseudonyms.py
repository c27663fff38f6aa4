"""Authors on their way into the store: a pseudonym for the post, an encrypted handle beside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from crawlers import Author
from service.auth import Handle, Handles, KeyRing
from service.db import Database

_REMEMBERED = 50_000
"""Authors whose handle this process has just stored; a busy author costs one write."""


class HandlePseudonyms:
    """Keyed pseudonyms, with the way back kept encrypted before any post names them."""

    def __init__(self, *, database: Database, keyring: KeyRing, handles: Handles) -> None:
        self._database = database
        self._keyring = keyring
        self._handles = handles
        self._known: OrderedDict[str, str | None] = OrderedDict()

    async def hide(self, authors: Sequence[tuple[str, Author]]) -> list[str]:
        """Pseudonyms in order; the handles are durable when this returns."""
        pseudonyms = [self._keyring.pseudonym(source, author.id) for source, author in authors]
        fresh: dict[str, Handle] = {}
        for pseudonym, (source, author) in zip(pseudonyms, authors, strict=True):
            if pseudonym not in self._known or self._known[pseudonym] != author.name:
                fresh[pseudonym] = Handle(
                    author=pseudonym, source=source, id=author.id, name=author.name
                )
        if fresh:
            async with self._database.write(quiet=True) as connection:
                await self._handles.remember(connection, list(fresh.values()))
            for pseudonym, handle in fresh.items():
                self._known[pseudonym] = handle.name
                self._known.move_to_end(pseudonym)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return pseudonyms
