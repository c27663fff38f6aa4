"""What all four catalogues share: reading in pages, saving at a version, deleting, telling others.

Every change is permitted, validated, written, audited and announced in one transaction.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import AuditFilter, entries, record
from service.auth import Action, KeyRing, Principal, Resource, Undecipherable
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.db.page import Page, cut
from service.db.storable import storable
from service.errors import Conflict, InvalidInput, NotFound
from service.monitors.model import NAME_PATTERN, SaveChange, Saved


class Named(Protocol):
    """Drafts and items have an id of people's choosing."""

    @property
    def id(self) -> str: ...


DraftT = TypeVar("DraftT", bound=Named)
ItemT = TypeVar("ItemT", bound=Named)

Problems = list[tuple[str, str]]
"""(path, message) of each mistake found so far."""


class Catalogue(ABC, Generic[DraftT, ItemT]):
    """One kind of configured thing, in one table."""

    table: ClassVar[Table]
    resource: ClassVar[Resource]
    sealed: ClassVar[frozenset[str]] = frozenset()
    """Columns that are encrypted, and of which audit and conflicts tell only that they changed."""

    def __init__(self, database: Database, clock: Clock, keyring: KeyRing) -> None:
        self._database = database
        self._clock = clock
        self._keyring = keyring

    @abstractmethod
    def _read(self, row: Row[Any]) -> ItemT:
        """The item of a row."""

    @abstractmethod
    async def _columns(
        self, connection: AsyncConnection, draft: DraftT, row: Row[Any] | None, problems: Problems
    ) -> dict[str, Any]:
        """The draft as columns, sealed ones in the clear; mistakes are added to `problems`."""

    async def _used_by(self, connection: AsyncConnection, item_id: str) -> Sequence[str]:
        """What would hang in the air without the item."""
        return ()

    async def _forget(self, connection: AsyncConnection, item_id: str) -> None:
        """Take away rows that mean nothing without the item."""

    def _new_secret(self, draft: DraftT, row: Row[Any] | None) -> str | None:
        """A secret to make at creation, where the draft brings none."""
        return None

    async def get(self, item_id: str) -> ItemT:
        """Raises NotFound."""
        async with self._database.read() as connection:
            return self._read(await self._row(connection, item_id))

    async def every(self, *, enabled_only: bool = False) -> tuple[ItemT, ...]:
        """All items by id; catalogues are small."""
        query = select(self.table).order_by(self.table.c.id)
        if enabled_only:
            query = query.where(self.table.c.enabled)
        async with self._database.read() as connection:
            return tuple(self._read(row) for row in await connection.execute(query))

    async def _page(
        self, *where: ColumnElement[bool], after: str | None, limit: int
    ) -> Page[ItemT]:
        query = select(self.table).where(*where).order_by(self.table.c.id).limit(limit + 1)
        if after is not None:
            query = query.where(self.table.c.id > after)
        async with self._database.read() as connection:
            items = [self._read(row) for row in await connection.execute(query)]
        return cut(items, limit=limit, key=lambda item: item.id)

    async def put(
        self, actor: Principal, draft: DraftT, *, version: int | None = None
    ) -> Saved[ItemT]:
        """Create or change. `version` is the one that was read, 0 for what must be new, None for
        whatever there is. Raises Forbidden, InvalidInput with every mistake, Conflict.
        """
        async with self._database.write() as connection:
            return await self.put_in(connection, actor, draft, version=version)

    async def put_in(
        self,
        connection: AsyncConnection,
        actor: Principal,
        draft: DraftT,
        *,
        version: int | None = None,
    ) -> Saved[ItemT]:
        """`put` inside the caller's transaction."""
        actor.require(Action.EDIT, self.resource)
        found = await connection.execute(
            select(self.table).where(self.table.c.id == draft.id).with_for_update()
        )
        row = found.first()
        await self._check_version(connection, draft.id, row, version)
        problems: Problems = []
        if not re.fullmatch(NAME_PATTERN, draft.id):
            problems.append(
                ("id", f"not an id: {draft.id!r}; 1 to 64 of a-z 0-9 _ . - and no sign first")
            )
        columns = storable(await self._columns(connection, draft, row, problems))
        if problems:
            raise InvalidInput(f"{self.resource} {draft.id} cannot be saved", errors=problems)
        secret = self._new_secret(draft, row)
        if secret is not None:
            columns["secret"] = secret
        changed = self._changed(row, columns)
        if row is not None and not changed:
            return Saved(item=self._read(row), change=SaveChange.UNCHANGED)
        await self._write(connection, draft.id, row, columns, changed)
        change = SaveChange.CREATED if row is None else SaveChange.CHANGED
        await self._tell(connection, actor, draft.id, change.value, self._told(changed))
        item = self._read(await self._row(connection, draft.id))
        return Saved(item=item, change=change, new_secret=secret)

    async def delete(self, actor: Principal, item_id: str, *, version: int | None = None) -> None:
        """Raises Forbidden, NotFound, and Conflict for another version or while it is in use."""
        async with self._database.write() as connection:
            await self.delete_in(connection, actor, item_id, version=version)

    async def delete_in(
        self,
        connection: AsyncConnection,
        actor: Principal,
        item_id: str,
        *,
        version: int | None = None,
    ) -> None:
        """`delete` inside the caller's transaction."""
        actor.require(Action.DELETE, self.resource)
        row = await self._row(connection, item_id)
        await self._check_version(connection, item_id, row, version)
        users = await self._used_by(connection, item_id)
        if users:
            raise Conflict(f"{self.resource} {item_id} is in use by {', '.join(users)}")
        await self._forget(connection, item_id)
        await connection.execute(delete(self.table).where(self.table.c.id == item_id))
        await self._tell(connection, actor, item_id, "deleted", {"name": row.name})

    async def _row(self, connection: AsyncConnection, item_id: str) -> Row[Any]:
        found = await connection.execute(select(self.table).where(self.table.c.id == item_id))
        row = found.first()
        if row is None:
            raise NotFound(f"no {self.resource} {item_id}")
        return row

    async def _check_version(
        self, connection: AsyncConnection, item_id: str, row: Row[Any] | None, version: int | None
    ) -> None:
        stored = 0 if row is None else row.version
        if version is None or version == stored:
            return
        if version == 0:
            raise Conflict(f"{self.resource} {item_id} exists already; edit it, or take another id")
        if stored == 0:
            raise NotFound(f"no {self.resource} {item_id}: it was deleted, or never made")
        history = await entries(
            connection,
            where=AuditFilter(subject_type=self.resource.value, subject_id=item_id),
            limit=min(max(stored - version, 1), 100),
        )
        newer = [entry for entry in history.items if (entry.data.get("version") or 0) > version]
        names = sorted({name for entry in newer for name in entry.data.get("changed", {})})
        by = sorted({entry.actor for entry in newer})
        raise Conflict(
            f"{self.resource} {item_id} is at version {stored}, not {version}: "
            f"{', '.join(by) or 'somebody'} changed {', '.join(names) or 'it'}; reload and retry",
            errors=[(name, "changed since you read it") for name in names],
        )

    def _changed(
        self, row: Row[Any] | None, columns: Mapping[str, Any]
    ) -> dict[str, tuple[Any, Any]]:
        before = {} if row is None else {name: self._open(row, name) for name in columns}
        return {
            name: (before.get(name), value)
            for name, value in columns.items()
            if row is None or before[name] != value
        }

    def _told(self, changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
        """Changes as the trail may hold them: of sealed columns only that there was one."""
        return {
            "changed": {
                self._public(name): None
                if name in self.sealed
                else {"before": before, "after": after}
                for name, (before, after) in changed.items()
            }
        }

    def _public(self, column: str) -> str:
        """Sealed columns have names that the audit's guard against secrets would refuse."""
        return {"secret": "signing", "secrets": "sign_in"}.get(column, column)

    def _open(self, row: Row[Any], column: str) -> Any:
        value = row._mapping[column]
        if column not in self.sealed or not value:
            return value
        try:
            return self._keyring.decrypt(value)
        except Undecipherable:
            return None  # lost with its key: whatever is saved now replaces it

    async def _write(
        self,
        connection: AsyncConnection,
        item_id: str,
        row: Row[Any] | None,
        columns: Mapping[str, Any],
        changed: Mapping[str, Any],
    ) -> None:
        now = self._clock.now()
        values = {
            name: self._keyring.encrypt(columns[name])
            if name in self.sealed and columns[name]
            else columns[name]
            for name in changed
        }
        if row is None:
            stamped = {"id": item_id, "created_at": now, "updated_at": now, "version": 1}
            await connection.execute(self.table.insert().values(**stamped, **values))
            return
        await connection.execute(
            update(self.table)
            .where(self.table.c.id == item_id)
            .values(updated_at=now, version=self.table.c.version + 1, **values)
        )

    async def _tell(
        self,
        connection: AsyncConnection,
        actor: Principal,
        item_id: str,
        change: str,
        data: Mapping[str, Any],
    ) -> None:
        now = self._clock.now()
        version = await connection.scalar(
            select(self.table.c.version).where(self.table.c.id == item_id)
        )
        await record(
            connection,
            at=now,
            actor=actor.id,
            action=f"{self.resource}.{change}",
            subject_type=self.resource.value,
            subject_id=item_id,
            data={**data, "version": version},
        )
        await announce(
            connection,
            at=now,
            kind=self.resource.value,
            subject_id=item_id,
            data={"change": change, "version": version},
        )


def check_name(name: str, problems: Problems) -> str:
    """The name without spaces around it; 1 to 200 characters."""
    stripped = name.strip()
    if not 1 <= len(stripped) <= 200:
        problems.append(("name", "1 to 200 characters"))
    return stripped
