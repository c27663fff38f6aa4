"""Accounts of people, as an admin sees them: make, reset, close, give roles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth.account import (
    User,
    audit,
    change,
    end_sessions,
    load,
    ordered,
    read,
    replace_password,
)
from service.auth.passwords import Passwords, one_time_password
from service.auth.principal import SYSTEM, Principal
from service.auth.roles import Action, Resource, Role
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut
from service.db.tables import user as table
from service.errors import Conflict, InvalidInput
from service.ids import stable_id

FIRST_ADMIN_ROLES = (Role.ADMIN, Role.LEAD, Role.ANALYST)

_NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """A one-time password, shown once and kept nowhere; its user must change it at sign-in."""

    user: User
    password: str


class Users:
    """Every change is permitted, made and audited here, in one transaction."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    async def create(self, actor: Principal, *, name: str, roles: Iterable[Role]) -> NewPassword:
        """A new account. Raises InvalidInput for its name, Conflict when the name is taken."""
        actor.require(Action.EDIT, Resource.USER)
        if not _NAME.fullmatch(name):
            problem = (
                f"not a name for a user: {name!r}; 1 to 64 letters, digits, '.', '@', '_', '-'"
            )
            raise InvalidInput(problem, errors=[("name", problem)])
        password = one_time_password()
        encoded = await self._passwords.hash(password)
        now = self._clock.now()
        user_id = stable_id("usr", name.casefold())
        granted = ordered(roles)
        row = {
            "id": user_id,
            "name": name,
            "password_hash": encoded,
            "roles": granted,
            "must_change_password": True,
            "disabled": False,
            "created_at": now,
            "version": 1,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(table.insert().values(row))
                await audit(
                    connection,
                    actor,
                    "user.created",
                    user_id,
                    roles=granted,
                    at=self._clock.now(),
                )
                user = await load(connection, user_id)
        except IntegrityError:
            raise Conflict(f"there is a user named {name} already; reset that one") from None
        return NewPassword(user=user, password=password)

    async def first_admin(self, *, name: str = "admin") -> NewPassword | None:
        """The first account of an installation that has none; None when it has one."""
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(table))
        if count:
            return None
        return await self.create(SYSTEM, name=name, roles=FIRST_ADMIN_ROLES)

    async def reset(self, actor: Principal, user_id: str) -> NewPassword:
        """A new one-time password; unlocks the account and ends its sessions."""
        actor.require(Action.EDIT, Resource.USER)
        password = one_time_password()
        encoded = await self._passwords.hash(password)
        async with self._database.write() as connection:
            await load(connection, user_id)
            await replace_password(connection, user_id, encoded, must_change=True)
            await audit(connection, actor, "user.reset", user_id, at=self._clock.now())
            return NewPassword(user=await load(connection, user_id), password=password)

    async def set_roles(
        self, actor: Principal, user_id: str, *, roles: Collection[Role], version: int
    ) -> User:
        """Raises Conflict for another `version`, and when nobody would be admin any more."""
        actor.require(Action.EDIT, Resource.USER)
        async with self._database.write() as connection:
            user = await load(connection, user_id)
            if user.version != version:
                raise Conflict(f"{user.name} is at version {user.version}, not {version}: reload")
            if Role.ADMIN not in roles:
                await self._keep_an_admin(connection, user)
            await change(connection, user_id, roles=ordered(roles), version=table.c.version + 1)
            await audit(
                connection,
                actor,
                "user.roles_changed",
                user_id,
                at=self._clock.now(),
                before=list(user.roles),
                after=ordered(roles),
            )
            return await load(connection, user_id)

    async def set_disabled(self, actor: Principal, user_id: str, *, disabled: bool) -> User:
        """Close or open an account; closing ends its sessions. The last admin is a Conflict."""
        actor.require(Action.EDIT, Resource.USER)
        async with self._database.write() as connection:
            user = await load(connection, user_id)
            if disabled:
                await self._keep_an_admin(connection, user)
                await end_sessions(connection, user_id)
            await change(connection, user_id, disabled=disabled, version=table.c.version + 1)
            action = "user.disabled" if disabled else "user.enabled"
            await audit(connection, actor, action, user_id, at=self._clock.now())
            return await load(connection, user_id)

    async def sign_out(self, actor: Principal, user_id: str) -> User:
        """End every session of an account, whose password stays. Raises NotFound."""
        actor.require(Action.EDIT, Resource.USER)
        async with self._database.write() as connection:
            user = await load(connection, user_id)
            await end_sessions(connection, user_id)
            await audit(connection, actor, "user.signed_out", user_id, at=self._clock.now())
            return user

    async def get(self, user_id: str) -> User:
        """Raises NotFound."""
        async with self._database.read() as connection:
            return await load(connection, user_id)

    async def find(self, name: str) -> User | None:
        """The user of that name."""
        async with self._database.read() as connection:
            found = await connection.execute(select(table).where(table.c.name == name))
            row = found.first()
        return None if row is None else read(row)

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[User]:
        """Users by name."""
        query = select(table).order_by(table.c.name).limit(limit + 1)
        if after is not None:
            query = query.where(table.c.name > after)
        async with self._database.read() as connection:
            rows = [read(row) for row in await connection.execute(query)]
        return cut(rows, limit=limit, key=lambda user: user.name)

    async def _keep_an_admin(self, connection: AsyncConnection, user: User) -> None:
        others = await connection.execute(
            select(table.c.roles)
            .where(table.c.id != user.id, table.c.disabled.is_(False))
            .with_for_update()
        )
        if Role.ADMIN in user.roles and not any(Role.ADMIN in row.roles for row in others):
            raise Conflict(f"{user.name} is the last admin; make somebody else one first")
