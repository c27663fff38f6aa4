"""Erasing an author on request: kept as a wish until it is done, so that no outage loses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Handles
from service.clock import Clock
from service.db import Database
from service.db.leases import turn
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import account_signal, import_piece, import_run, runtime_setting
from service.errors import InvalidInput
from service.stores import PostStore

LEASE = "authors.erase"
LOOKS_EVERY = timedelta(minutes=1)
_PREFIX = "erasure."


class AuthorTraces(Protocol):
    """What else was made of an author's posts, and has to go when they are gone."""

    async def forget_author(self, author: str) -> int: ...


class AllTraces:
    """Several of them as one."""

    def __init__(self, *traces: AuthorTraces) -> None:
        self._traces = traces

    async def forget_author(self, author: str) -> int:
        """What all of them had."""
        return sum([await trace.forget_author(author) for trace in self._traces])


_PSEUDONYM_CHARACTERS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was there of an author: `handle` whether it was known who they are."""

    author: str
    posts: int
    handle: bool


async def request_erasure(
    connection: AsyncConnection, author: str, *, actor: str, reason: str, at: datetime
) -> None:
    """Ask for an author to be erased, in the caller's transaction; asked twice is asked once.

    Raises InvalidInput for what is no pseudonym, and without a reason.
    """
    digits = author.removeprefix("au_")
    if len(digits) != 20 or len(author) != 23 or not set(digits) <= _PSEUDONYM_CHARACTERS:
        raise InvalidInput(f"{author[:64]!r} is no author: they look like au_0123456789abcdef0123")
    if not reason.strip():
        raise InvalidInput("say why: the reason goes into the audit trail")
    wish = {"actor": actor, "reason": storable(reason.strip())[:1_000], "at": at.isoformat()}
    await connection.execute(
        insert(connection, runtime_setting)
        .values(name=_PREFIX + author, value=wish)
        .on_conflict_do_nothing(index_elements=["name"])
    )


class ErasureJob:
    """Erases posts with their versions, the handle, and what was counted of the author.

    While posts of an import wait that was begun before the wish, the wish stands, and is done again
    every minute: they are encrypted, and some may be the author's.

    Not touched are evidence frozen in incidents and texts in review, which the law may want kept.
    """

    name = LEASE

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        store: PostStore,
        handles: Handles,
        owner: str,
        traces: AuthorTraces | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._handles = handles
        self._owner = owner
        self._traces = traces
        self._due = clock.now()

    async def next_at(self) -> datetime | None:
        """Once a minute: a wish may come from another process."""
        return self._due

    async def run(self, now: datetime) -> int:
        """Do what was asked for; answers how many authors. Raises StoreError, and tries again."""
        self._due = now + LOOKS_EVERY
        return len(await self.erase_all(now))

    async def erase_all(self, now: datetime) -> tuple[Erased, ...]:
        """The same with what there was of each; nothing while another process is at it."""
        if not await self._wishes():
            return ()
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as ours:
            if not ours:
                return ()
            # Read again: who held the lease before may have done some.
            return tuple([await self._erase(wish, now) for wish in await self._wishes()])

    async def _wishes(self) -> list[tuple[str, dict[str, str]]]:
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(runtime_setting)
                .where(runtime_setting.c.name.startswith(_PREFIX, autoescape=True))
                .order_by(runtime_setting.c.name)
            )
            return [(row.name.removeprefix(_PREFIX), row.value) for row in rows]

    async def _erase(self, wish: tuple[str, dict[str, str]], now: datetime) -> Erased:
        author, asked = wish
        # Asked before the posts go: a piece that is stored after this leaves the wish standing.
        waiting = await self._imports_wait(datetime.fromisoformat(asked["at"]))
        # The posts first: while the wish stands, whoever begins again finds what is left.
        posts = await self._store.delete_by_author(author)
        if self._traces is not None:
            await self._traces.forget_author(author)
        async with self._database.write() as connection:
            handle = await self._handles.forget(connection, author)
            await connection.execute(
                delete(account_signal).where(account_signal.c.author == author)
            )
            if not waiting:
                await connection.execute(
                    delete(runtime_setting).where(runtime_setting.c.name == _PREFIX + author)
                )
            if posts or handle or not waiting:
                await record(
                    connection,
                    at=now,
                    actor=asked["actor"],
                    action="author.erased",
                    subject_type="author",
                    subject_id=author,
                    data={"reason": asked["reason"], "posts": posts, "handle": handle},
                )
        return Erased(author=author, posts=posts, handle=handle)

    async def _imports_wait(self, before: datetime) -> bool:
        """Whether posts wait to be stored of an import that was begun by then."""
        query = (
            select(import_piece.c.id)
            .join(import_run, import_run.c.id == import_piece.c.import_id)
            .where(import_run.c.created_at <= before)
            .limit(1)
        )
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None
