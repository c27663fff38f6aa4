"""The memory of idempotent requests: one row a key and principal, kept for a day, encrypted.

An answer may show a secret this once (a new key, a one-time password), so it is stored sealed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select, update

from service.api.errors import KeyInUse, KeyOfAnother
from service.auth import KeyRing, Undecipherable
from service.clock import Clock
from service.db import Database
from service.db.statement import insert
from service.db.tables import idempotency as table

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=5)
"""A first request that has not answered for so long died with its process."""
RETRY_AFTER_S = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """An answer as it was given."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Remembered:
    """Claims keys, keeps answers, forgets both."""

    def __init__(self, database: Database, clock: Clock, keyring: KeyRing) -> None:
        self._database = database
        self._clock = clock
        self._keyring = keyring

    async def claim(self, key: str, principal: str, request_hash: str) -> StoredAnswer | None:
        """The answer to the same request before; None when this is the first, which it now is.

        Raises KeyOfAnother for another request under the key, KeyInUse while the first one runs.
        """
        now = self._clock.now()
        mine = and_(table.c.key == key, table.c.principal == principal)
        async with self._database.write() as connection:
            await connection.execute(delete(table).where(mine, table.c.created_at <= now - KEPT))
            inserted = await connection.execute(
                insert(connection, table)
                .values(key=key, principal=principal, request_hash=request_hash, created_at=now)
                .on_conflict_do_nothing(index_elements=["key", "principal"])
            )
            if inserted.rowcount == 1:
                return None
            row = (await connection.execute(select(table).where(mine))).one()
            if row.request_hash != request_hash:
                raise KeyOfAnother(
                    f"Idempotency-Key {key!r} came with another request before; take a new one",
                    errors=[("Idempotency-Key", "used for another request")],
                )
            if row.status is not None:
                return self._open(row.status, row.body)
            taken = await connection.execute(
                update(table)
                .where(mine, table.c.status.is_(None), table.c.created_at <= now - ABANDONED)
                .values(created_at=now)
            )
            if taken.rowcount == 1:
                return None
        raise KeyInUse(
            f"the first request with Idempotency-Key {key!r} is still running; ask again",
            retry_after=RETRY_AFTER_S,
        )

    async def keep(self, key: str, principal: str, answer: StoredAnswer) -> None:
        """Remember what was answered."""
        packed = json.dumps([list(answer.headers), answer.body.decode("utf-8")])
        async with self._database.write() as connection:
            await connection.execute(
                update(table)
                .where(table.c.key == key, table.c.principal == principal)
                .values(status=answer.status, body=self._keyring.encrypt(packed))
            )

    async def release(self, key: str, principal: str) -> None:
        """Forget a request that did nothing, so that its key may be used again."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(table).where(
                    table.c.key == key, table.c.principal == principal, table.c.status.is_(None)
                )
            )

    def _open(self, status: int, sealed: str) -> StoredAnswer:
        try:
            headers, body = json.loads(self._keyring.decrypt(sealed))
        except Undecipherable as error:
            raise KeyOfAnother(
                "the answer to this Idempotency-Key was lost with its encryption key; look "
                "whether the thing was done, and take a new key"
            ) from error
        return StoredAnswer(
            status=status,
            headers=tuple((name, value) for name, value in headers),
            body=body.encode("utf-8"),
        )


class Forgetting:
    """A job: forget answers after a day."""

    name = "idempotency.forget"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_at(self) -> datetime | None:
        """A day after the oldest request that is remembered."""
        async with self._database.read() as connection:
            oldest: datetime | None = await connection.scalar(select(func.min(table.c.created_at)))
        return None if oldest is None else oldest + KEPT

    async def run(self, now: datetime) -> int:
        """Forget all that is a day old; answers how many."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(table).where(table.c.created_at <= now - KEPT))
        return gone.rowcount
