"""The catalogue of departments: who they are, and whose account speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.auth import Action, Principal, Resource
from service.auth.account import load
from service.db import tables
from service.db.page import Page
from service.errors import Conflict, InvalidInput, NotFound
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.reviews import items, rows

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentDraft:
    """`lead` is a user, by id or name; the id is kept. A disabled one is in nothing new."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    name: str
    lead: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(DepartmentDraft):
    created_at: datetime
    updated_at: datetime
    version: int


class Departments(Catalogue[DepartmentDraft, Department]):
    """One that is still awaited, or has open improvements, is deleted only with an heir."""

    table = tables.department
    resource = Resource.DEPARTMENT

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[Department]:
        """By id."""
        return await self._page(after=after, limit=limit)

    async def delete(
        self,
        actor: Principal,
        item_id: str,
        *,
        version: int | None = None,
        heir: str | None = None,
    ) -> None:
        """`heir`, another department, takes over what is open; points and what is past stay.

        Raises Forbidden, NotFound, InvalidInput for an heir that cannot be one, and Conflict for
        another version or while something is open that nobody takes over.
        """
        actor.require(Action.DELETE, self.resource)
        async with self._database.write() as connection:
            if heir is not None:
                await self._hand_over(connection, actor, item_id, heir)
            await self.delete_in(connection, actor, item_id, version=version)

    async def _used_by(self, connection: AsyncConnection, item_id: str) -> Sequence[str]:
        # Held: whoever files something for it now waits until it is gone.
        await hold(connection, item_id)
        found = [f"improvement {item.id}" for item in await items.open_of(connection, item_id)]
        found += [f"review {item.review_id}" for item in await rows.open_with(connection, item_id)]
        if found:
            named = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
            raise Conflict(
                f"department {item_id} is still in {named}: name an heir that takes them over, "
                "finish them, or disable the department"
            )
        return ()

    async def _hand_over(
        self, connection: AsyncConnection, actor: Principal, item_id: str, heir: str
    ) -> None:
        await self._row(connection, item_id)
        if heir == item_id:
            raise InvalidInput("a department is not its own heir", errors=[("heir", "another")])
        now = self._clock.now()
        # Improvements first, then departments, as an edit does.
        moved = await items.open_of(connection, item_id, locked=True)
        await require_enabled(connection, heir, path="heir")
        for item in moved:
            await items.change(connection, item, now=now, department_id=heir)
        inherited = await rows.open_with(connection, item_id)
        for old in inherited:
            added = await rows.involve(connection, old.review_id, heir, by=actor.id, now=now)
            if added:
                await rows.mark(
                    connection,
                    old.review_id,
                    heir,
                    filed_at=old.filed_at,
                    excused=old.excused,
                    excused_by=old.excused_by,
                    excused_at=old.excused_at,
                )
            await rows.release(connection, old.review_id, item_id)
        await audit.record(
            connection,
            at=now,
            actor=actor.id,
            action="department.handed_over",
            subject_type=self.resource.value,
            subject_id=item_id,
            data={
                "heir": heir,
                "improvements": [item.id for item in moved],
                "reviews": [item.review_id for item in inherited],
            },
        )

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: DepartmentDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        lead = None if draft.lead is None else await _account(connection, draft.lead)
        if draft.lead is not None and lead is None:
            problems.append(("lead", f"no user with an open account: {draft.lead}"))
        return {
            "name": check_name(draft.name, problems),
            "lead": lead,
            "disabled": draft.disabled,
        }

    def _read(self, row: Row[Any]) -> Department:
        return _department(row)


async def find(connection: AsyncConnection, department_id: str) -> Department | None:
    """None also for one that was deleted."""
    table = tables.department
    row = (await connection.execute(select(table).where(table.c.id == department_id))).first()
    return None if row is None else _department(row)


async def hold(connection: AsyncConnection, department_id: str) -> Department:
    """Locked until the transaction ends, a disabled one too. Raises NotFound."""
    table = tables.department
    query = select(table).where(table.c.id == department_id).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound(f"there is no department {department_id!r}")
    return _department(row)


async def require_enabled(
    connection: AsyncConnection, department_id: str, *, path: str = "department"
) -> Department:
    """A department that takes on new things, held. Raises InvalidInput naming `path`."""
    try:
        department = await hold(connection, department_id)
    except NotFound as error:
        raise InvalidInput("no such department", errors=[(path, str(error))]) from error
    if department.disabled:
        problem = f"{department.name} is disabled"
        raise InvalidInput("a disabled department", errors=[(path, problem)])
    return department


async def has_account(connection: AsyncConnection, user_id: str) -> bool:
    """Whether that user may still sign in."""
    try:
        return not (await load(connection, user_id)).disabled
    except NotFound:
        return False


async def _account(connection: AsyncConnection, named: str) -> str | None:
    """The id of an open account, by its id or its name."""
    user = tables.user.c
    found: str | None = await connection.scalar(
        select(user.id)
        .where(or_(user.id == named, user.name == named), user.disabled.is_(False))
        .order_by((user.id == named).desc())
        .limit(1)
    )
    return found


def _department(row: Row[Any]) -> Department:
    names = Department.__dataclass_fields__
    return Department(**{name: row._mapping[tables.department.c[name]] for name in names})
