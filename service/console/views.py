"""Views that somebody has saved: the question of a page's address, under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from service.auth import Principal
from service.clock import Clock
from service.console.i18n import Words
from service.db import Database, tables
from service.errors import Conflict, InvalidInput
from service.ids import stable_id

MOST = 20
LONGEST = 60
_QUERY_MAX = 4_000
_VIEW = tables.console_view


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`query` is what stands behind the question mark of the address."""

    id: str
    name: str
    query: str


class Views:
    """Of one place. Everybody has their own; nobody sees another's."""

    def __init__(self, database: Database, clock: Clock, *, place: str) -> None:
        self._database = database
        self._clock = clock
        self._place = place

    async def every(self, user_id: str) -> tuple[View, ...]:
        """Somebody's views, the oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(_VIEW.c.id, _VIEW.c.name, _VIEW.c.query)
                .where(_VIEW.c.user_id == user_id, _VIEW.c.place == self._place)
                .order_by(_VIEW.c.created_at, _VIEW.c.name)
            )
            return tuple(View(**row) for row in rows.mappings())

    async def save(self, principal: Principal, name: str, query: str, words: Words) -> View:
        """Keep a view. Raises InvalidInput for a name or number that will not do, Conflict for a
        name that is taken; both in the language of `words`."""
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST or not name.isprintable():
            said = words("views.bad_name", most=LONGEST)
            raise InvalidInput(said, errors=[("name", said)])
        if len(query) > _QUERY_MAX:
            raise InvalidInput(words("views.too_long"))
        now = self._clock.now()
        view = View(id=stable_id("view", principal.id, self._place, name), name=name, query=query)
        try:
            async with self._database.write() as connection:
                kept = await connection.scalar(
                    select(func.count())
                    .select_from(_VIEW)
                    .where(_VIEW.c.user_id == principal.id, _VIEW.c.place == self._place)
                )
                if (kept or 0) >= MOST:
                    raise InvalidInput(words("views.too_many", most=MOST))
                await connection.execute(
                    insert(_VIEW).values(
                        id=view.id,
                        user_id=principal.id,
                        place=self._place,
                        name=name,
                        query=query,
                        created_at=now,
                    )
                )
        except IntegrityError as error:
            raise Conflict(words("views.taken", name=name)) from error
        return view

    async def forget(self, principal: Principal, view_id: str) -> None:
        """Take one of their own away; one that is gone already is gone."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(_VIEW).where(_VIEW.c.id == view_id, _VIEW.c.user_id == principal.id)
            )
