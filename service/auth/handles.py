"""Who an author is: kept encrypted beside the pseudonym, shown by role, with a reason, audited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth.errors import Undecipherable
from service.auth.principal import Principal
from service.auth.privacy import KeyRing
from service.auth.revealing import require_reveal, said_reason
from service.auth.roles import Action, Resource
from service.clock import Clock
from service.db import Database
from service.db.statement import insert
from service.db.tables import author_handle as table
from service.errors import NotFound

CHUNK = 400
"""SQLite and PostgreSQL both limit the parameters of one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """An author as their source names them; `author` is the pseudonym that stands for them here."""

    author: str
    source: str
    id: str
    name: str | None = None


class Handles:
    """The only place where a pseudonym leads back to a person."""

    def __init__(self, database: Database, clock: Clock, keyring: KeyRing) -> None:
        self._database = database
        self._clock = clock
        self._keyring = keyring

    async def remember(self, connection: AsyncConnection, handles: Sequence[Handle]) -> int:
        """Keep handles in the caller's transaction; answers how many were new or renamed.

        Idempotent. Of several names of one author the last counts; none keeps the known one.
        """
        latest: dict[str, Handle] = {}
        for handle in handles:
            if handle.name is not None or handle.author not in latest:
                latest[handle.author] = handle
        known: dict[str, tuple[str, str | None] | None] = {}
        authors = list(latest)
        for start in range(0, len(authors), CHUNK):
            rows = await connection.execute(
                select(table.c.author, table.c.handle).where(
                    table.c.author.in_(authors[start : start + CHUNK])
                )
            )
            known |= {row.author: self._open(row.handle) for row in rows}
        changed = [handle for handle in latest.values() if _news(handle, known)]
        now = self._clock.now()
        for start in range(0, len(changed), CHUNK // 5):
            statement = insert(connection, table).values(
                [
                    {
                        "author": handle.author,
                        "source": handle.source[:120],
                        "handle": self._keyring.encrypt(json.dumps([handle.id, handle.name])),
                        "created_at": now,
                        "updated_at": now,
                    }
                    for handle in changed[start : start + CHUNK // 5]
                ]
            )
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["author"],
                    set_={
                        "handle": statement.excluded.handle,
                        "updated_at": statement.excluded.updated_at,
                    },
                )
            )
        return len(changed)

    def _open(self, token: str) -> tuple[str, str | None] | None:
        """None for a handle that no key opens any more: it is simply kept anew."""
        try:
            identity, name = json.loads(self._keyring.decrypt(token))
        except Undecipherable:
            return None
        return identity, name

    async def reveal(self, principal: Principal, author: str, *, reason: str) -> Handle:
        """Who the author is. Refusals and answers are audited alike.

        Raises Forbidden without the permission, InvalidInput without a reason, NotFound.
        """
        if principal.may(Action.REVEAL, Resource.HANDLE):
            said_reason(reason)
            # Nothing is revealed of an author whom nobody knows, and the trail says no such thing.
            await self._kept(author)
        await require_reveal(
            self._database,
            principal,
            Resource.HANDLE,
            kind="handle",
            subject_type="author",
            subject_id=author,
            reason=reason,
            at=self._clock.now(),
        )
        return await self._kept(author)

    async def _kept(self, author: str) -> Handle:
        async with self._database.read() as connection:
            handle = await self.find(connection, author)
        if handle is None:
            raise NotFound(f"no handle is kept for {author}")
        return handle

    async def find(self, connection: AsyncConnection, author: str) -> Handle | None:
        """Who the author is, for callers that have asked who may know and keep that they do.

        Raises Undecipherable when its key is gone.
        """
        found = await connection.execute(select(table).where(table.c.author == author))
        row = found.first()
        if row is None:
            return None
        identity, name = json.loads(self._keyring.decrypt(row.handle))
        return Handle(author=author, source=row.source, id=identity, name=name)

    async def forget(self, connection: AsyncConnection, author: str) -> bool:
        """Erase a handle in the caller's transaction; answers whether there was one."""
        gone = await connection.execute(delete(table).where(table.c.author == author))
        return gone.rowcount > 0


def _news(handle: Handle, known: dict[str, tuple[str, str | None] | None]) -> bool:
    before = known.get(handle.author)
    if before is None:
        return True
    return handle.name is not None and before[1] != handle.name


def mask_name(name: str | None) -> str:
    """A name fit for cards and exports: its first character and stars, however long it was."""
    stripped = (name or "").strip()
    return f"{stripped[:1]}**" if len(stripped) > 1 else "**"
