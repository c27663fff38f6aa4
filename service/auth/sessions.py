"""Sessions of the console: an opaque token in a cookie, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from service.auth.account import User, end_sessions, load
from service.auth.errors import BadCredentials
from service.auth.principal import Principal
from service.clock import Clock
from service.db import Database
from service.db.tables import login_session as table

NOTED_EVERY = timedelta(minutes=1)

_ENDED = "the session has ended; sign in again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in; `until` is when at the latest they must sign in again."""

    user: User
    until: datetime

    @property
    def principal(self) -> Principal:
        return self.user.principal


class Sessions:
    """A session ends after `idle` without a request, and after `absolute` in any case."""

    def __init__(
        self, database: Database, clock: Clock, *, idle: timedelta, absolute: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = idle
        self._absolute = absolute

    async def start(self, user: User) -> str:
        """A new token for a user who has just shown a password."""
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        async with self._database.write() as connection:
            await connection.execute(
                table.insert().values(
                    token_hash=_digest(token),
                    user_id=user.id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + self._absolute,
                )
            )
        return token

    async def resolve(self, token: str) -> Session:
        """Whose session it is, with their roles of this moment. Raises BadCredentials."""
        now = self._clock.now()
        digest = _digest(token)
        async with self._database.read() as connection:
            found = await connection.execute(select(table).where(table.c.token_hash == digest))
            row = found.first()
            if row is None or row.expires_at <= now or row.seen_at <= now - self._idle:
                raise BadCredentials(_ENDED)
            user = await load(connection, row.user_id)
        if user.disabled:
            raise BadCredentials(_ENDED)
        if now - row.seen_at >= NOTED_EVERY:
            async with self._database.write() as connection:
                await connection.execute(
                    update(table).where(table.c.token_hash == digest).values(seen_at=now)
                )
        return Session(user=user, until=row.expires_at)

    async def end(self, token: str) -> None:
        """Sign out; harmless for a token that means nothing."""
        async with self._database.write() as connection:
            await connection.execute(delete(table).where(table.c.token_hash == _digest(token)))

    async def end_all(self, user_id: str) -> None:
        """Sign the user out everywhere."""
        async with self._database.write() as connection:
            await end_sessions(connection, user_id)

    async def prune(self) -> int:
        """Forget sessions that have ended; answers how many."""
        now = self._clock.now()
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(table).where(
                    or_(table.c.expires_at <= now, table.c.seen_at <= now - self._idle)
                )
            )
        return gone.rowcount


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
