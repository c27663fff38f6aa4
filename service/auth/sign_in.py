"""Signing in with a name and a password, and changing one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth.account import User, audit, change, load, replace_password
from service.auth.errors import BadCredentials
from service.auth.passwords import Passwords, check_strength
from service.auth.principal import SYSTEM
from service.clock import Clock
from service.db import Database
from service.db.tables import user as table
from service.errors import InvalidInput

FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)

_REFUSED = "name or password is wrong, or there were too many tries; wait some minutes after those"


def lock_after(failures: int) -> timedelta | None:
    """How long an account is closed after that many wrong passwords in a row; None: not at all."""
    if failures < FREE_TRIES:
        return None
    doubled: int = 2 ** min(failures - FREE_TRIES, 16)
    return min(FIRST_LOCK * doubled, LONGEST_LOCK)


class SignIn:
    """Checks passwords of accounts; every outcome is written down, in one transaction."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    async def authenticate(self, name: str, password: str) -> User:
        """The user of a name and password. Raises BadCredentials, the same for every reason.

        Each wrong password counts; from the fifth in a row on the account is locked, a minute at
        first, twice as long each time, an hour at most. The right one does not open a locked one.
        """
        async with self._database.read() as connection:
            found = await connection.execute(select(table).where(table.c.name == name))
            row = found.first()
        right = await self._passwords.matches(password, None if row is None else row.password_hash)
        if row is None:
            raise BadCredentials(_REFUSED)
        rehashed = None
        if right and self._passwords.outdated(row.password_hash):
            rehashed = await self._passwords.hash(password)
        async with self._database.write() as connection:
            user = await self._settle(connection, row, right=right, rehashed=rehashed)
        if user is None:
            raise BadCredentials(_REFUSED)
        return user

    async def _settle(
        self, connection: AsyncConnection, row: Row[Any], *, right: bool, rehashed: str | None
    ) -> User | None:
        """Write the outcome down; the account is read again, as other tries were under way."""
        now = self._clock.now()
        current = (
            await connection.execute(select(table).where(table.c.id == row.id).with_for_update())
        ).one()
        if current.disabled or (current.locked_until is not None and current.locked_until > now):
            return None
        if not right or current.password_hash != row.password_hash:
            failures = current.failures + 1
            lock = lock_after(failures)
            until = None if lock is None else now + lock
            await change(connection, row.id, failures=failures, locked_until=until)
            if until is not None:
                await audit(
                    connection,
                    SYSTEM,
                    "user.locked",
                    row.id,
                    at=now,
                    failures=failures,
                    until=until.isoformat(),
                )
            return None
        await change(
            connection,
            row.id,
            failures=0,
            locked_until=None,
            last_sign_in_at=now,
            password_hash=rehashed or current.password_hash,
        )
        user = await load(connection, row.id)
        await audit(connection, user.principal, "user.signed_in", row.id, at=now)
        return user

    async def change_password(self, user_id: str, *, old: str, new: str) -> None:
        """By the user. Raises BadCredentials for a wrong old one, InvalidInput for a weak new one.

        Ends every session of the user.
        """
        async with self._database.read() as connection:
            user = await load(connection, user_id)
        await self.authenticate(user.name, old)
        check_strength(new, name=user.name)
        if new == old:
            raise InvalidInput(
                "the new password is the old one", errors=[("new_password", "choose another")]
            )
        encoded = await self._passwords.hash(new)
        async with self._database.write() as connection:
            await replace_password(connection, user_id, encoded, must_change=False)
            await audit(
                connection, user.principal, "user.password_changed", user_id, at=self._clock.now()
            )
