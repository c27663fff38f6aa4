"""The catalogue of schedules, and the job that prepares what is due as drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Protocol

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import SYSTEM, Principal, Resource
from service.briefings.desk import BriefingDesk
from service.briefings.model import Briefing
from service.briefings.period import Kind, last_before
from service.briefings.preparing import Wanted
from service.briefings.schedule import (
    SCHEDULES,
    TIMING,
    Schedule,
    ScheduleDraft,
    due_after,
    last_due,
)
from service.clock import Clock
from service.db import Database, tables
from service.db.leases import turn
from service.db.page import Page
from service.db.storable import storable
from service.errors import ServiceError
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.oncall.model import zone_of

LEASE = "briefings.prepare"
LOOKS_EVERY = timedelta(minutes=1)
AGAIN = timedelta(minutes=15)
"""After a failure of the one that is due."""

log = structlog.get_logger(__name__)
_TABLE = tables.briefing_schedule


class BriefingSchedules(Catalogue[ScheduleDraft, Schedule]):
    """Whoever writes briefings keeps their schedules; another time counts from when it was said."""

    table = _TABLE
    resource = Resource.BRIEFING

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[Schedule]:
        """By id."""
        return await self._page(after=after, limit=limit)

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: ScheduleDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        name = check_name(draft.name, problems)
        problems += _problems(draft, await _known(connection))
        body = SCHEDULES.body(draft)
        stays = row is not None and all(row.body.get(key) == body[key] for key in TIMING)
        return {
            "name": name,
            "body": body,
            "counted_from": row.counted_from if row is not None and stays else self._clock.now(),
        }

    def _told(self, changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
        """Instants are not JSON: when it counts from is in the row."""
        return super()._told({n: both for n, both in changed.items() if n != "counted_from"})

    def _read(self, row: Row[Any]) -> Schedule:
        draft = SCHEDULES.of(row)
        return Schedule(
            **{name: getattr(draft, name) for name in ScheduleDraft.__dataclass_fields__},
            counted_from=row.counted_from,
            problem=row.problem,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class Prepares(Protocol):
    """Makes the draft of what is due."""

    @property
    def zone(self) -> tzinfo: ...

    async def prepared(self, principal: Principal, wanted: Wanted) -> Briefing:
        """Not stored yet."""
        ...


class BriefingPreparation:
    """A job. What is due is prepared once: the draft and the news that it was are one transaction,
    and a second draft of the same time is none."""

    name = LEASE

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        schedules: BriefingSchedules,
        preparation: Prepares,
        desk: BriefingDesk,
        owner: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._schedules = schedules
        self._preparation = preparation
        self._desk = desk
        self._owner = owner
        self._looks_at: datetime = clock.now()
        self._waits: dict[str, datetime] = {}

    async def next_at(self) -> datetime | None:
        """Once a minute: a schedule may be written by another process."""
        return self._looks_at

    async def run(self, now: datetime) -> int:
        """Answers how many drafts were made. One that fails waits, and the others are prepared."""
        self._looks_at = now + LOOKS_EVERY
        if not any(self._due(item, now) for item in await self._schedules.every()):
            return 0
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as mine:
            if not mine:
                return 0
            made = 0
            # Read again: who held the lease before may have prepared some.
            for item in await self._schedules.every():
                due_at = self._due(item, now)
                if due_at is not None:
                    made += await self._prepare(item, due_at, now)
            return made

    def _due(self, item: Schedule, now: datetime) -> datetime | None:
        waits = self._waits.get(item.id)
        if not item.enabled or (waits is not None and now < waits):
            return None
        return last_due(item, after=item.counted_from, now=now)

    async def _prepare(self, item: Schedule, due_at: datetime, now: datetime) -> bool:
        wanted = Wanted(
            kind=item.kind,
            window=last_before(item.kind, due_at, zone=self._preparation.zone),
            scope=item.scope,
            language=item.language,
            channels=item.channels,
            schedule_id=item.id,
            due_at=due_at,
        )
        try:
            draft = await self._preparation.prepared(SYSTEM, wanted)
        except ServiceError as error:
            log.warning("briefing.not_prepared", schedule=item.id, reason=str(error))
            return await self._failed(item, now, problem=error.detail)
        except Exception:  # whatever one of them meets must not stop the others
            log.exception("briefing.preparing_raised", schedule=item.id)
            return await self._failed(item, now, problem="it failed: see the log")
        self._waits.pop(item.id, None)
        async with self._database.write() as connection:
            kept = await self._desk.keep_in(connection, draft)
            # Not where somebody has said another time meanwhile: that counts from then on.
            await connection.execute(
                update(_TABLE)
                .where(_TABLE.c.id == item.id, _TABLE.c.counted_from == item.counted_from)
                .values(counted_from=due_at, problem=None)
            )
        return kept

    async def _failed(self, item: Schedule, now: datetime, *, problem: str) -> bool:
        self._waits[item.id] = now + AGAIN
        async with self._database.write(quiet=True) as connection:
            await connection.execute(
                update(_TABLE).where(_TABLE.c.id == item.id).values(problem=storable(problem))
            )
        return False


def next_due(item: Schedule) -> datetime | None:
    """When it comes round next, in the past while the one that is due is not prepared; None of one
    that is switched off."""
    return due_after(item, item.counted_from) if item.enabled else None


async def _known(connection: AsyncConnection) -> dict[str, set[str]]:
    found = {}
    for name, table in (
        ("brand", tables.brand),
        ("monitors", tables.monitor),
        ("channels", tables.channel),
    ):
        found[name] = set((await connection.execute(select(table.c.id))).scalars())
    return found


def _problems(draft: ScheduleDraft, known: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    if draft.kind is Kind.SPECIAL:
        yield "kind", "daily or weekly: a special briefing is prepared when somebody asks for it"
    if not 1 <= draft.weekday <= 7:
        yield "weekday", "1 for Monday to 7 for Sunday"
    if draft.at.tzinfo is not None:
        yield "at", "a time of day such as 08:00; its zone is `zone`"
    try:
        zone_of(draft.zone)
    except ValueError as error:
        yield "zone", str(error)
    if draft.brand is not None and draft.brand not in known["brand"]:
        yield "brand", f"there is no brand {draft.brand!r}"
    for path, given in (("monitors", draft.monitors), ("channels", draft.channels)):
        for name in given:
            if name not in known[path]:
                yield path, f"there is no {path.removesuffix('s')} {name!r}"
