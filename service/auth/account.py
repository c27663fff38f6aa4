"""An account: what is known of a person who may sign in, and the rows it is kept in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth.principal import Principal, PrincipalKind
from service.auth.roles import Role
from service.db.tables import login_session
from service.db.tables import user as table
from service.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account, without its password hash."""

    id: str
    name: str
    roles: tuple[Role, ...]
    must_change_password: bool
    disabled: bool
    locked_until: datetime | None
    created_at: datetime
    last_sign_in_at: datetime | None
    version: int

    @property
    def principal(self) -> Principal:
        return Principal(
            id=self.id, kind=PrincipalKind.USER, name=self.name, roles=frozenset(self.roles)
        )


async def load(connection: AsyncConnection, user_id: str) -> User:
    """The account of that id. Raises NotFound."""
    found = (await connection.execute(select(table).where(table.c.id == user_id))).first()
    if found is None:
        raise NotFound(f"no user {user_id}")
    return read(found)


async def change(connection: AsyncConnection, user_id: str, **values: Any) -> None:
    """Set columns of one account."""
    await connection.execute(update(table).where(table.c.id == user_id).values(**values))


async def replace_password(
    connection: AsyncConnection, user_id: str, encoded: str, *, must_change: bool
) -> None:
    """Set the hash, unlock, and end every session: a stolen one dies with the old password."""
    await change(
        connection,
        user_id,
        password_hash=encoded,
        must_change_password=must_change,
        failures=0,
        locked_until=None,
        version=table.c.version + 1,
    )
    await end_sessions(connection, user_id)


async def end_sessions(connection: AsyncConnection, user_id: str) -> None:
    """Sign the user out everywhere."""
    await connection.execute(delete(login_session).where(login_session.c.user_id == user_id))


async def audit(
    connection: AsyncConnection,
    actor: Principal,
    action: str,
    user_id: str,
    *,
    at: datetime,
    **data: Any,
) -> None:
    """One row of the trail about an account."""
    await record(
        connection,
        at=at,
        actor=actor.id,
        action=action,
        subject_type="user",
        subject_id=user_id,
        data=data,
    )


def ordered(roles: Iterable[Role]) -> list[str]:
    """Roles as they are stored: sorted, each once."""
    return sorted({Role(role).value for role in roles})


def read(row: Row[Any]) -> User:
    """The account of a row of `user_account`."""
    return User(
        id=row.id,
        name=row.name,
        roles=tuple(Role(role) for role in row.roles),
        must_change_password=row.must_change_password,
        disabled=row.disabled,
        locked_until=row.locked_until,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
        version=row.version,
    )
