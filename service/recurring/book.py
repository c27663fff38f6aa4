"""The catalogue of recurring duties; what is saved is planned in the same transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Row, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import KeyRing, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.db.page import Page
from service.errors import NotFound
from service.monitors import SaveChange, Saved
from service.monitors.bodied import Bodied
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.oncall.books import load_roster
from service.oncall.model import Target, TargetKind, zone_of
from service.oncall.roster import Roster
from service.recurring.model import Recurring, RecurringDraft
from service.recurring.names import is_kept, kept_by_nobody

EVERY_MAX = 36
DAYS_MAX = 14
"""Warning and escalation stay inside the shortest period: two rounds never overlap."""
_DAY_MAX = 31
_TEXT_MAX = 4_000
_DRAFTS = Bodied(RecurringDraft)
read_draft, body_of, draft_of = _DRAFTS.read, _DRAFTS.body, _DRAFTS.of


class RecurringDuties(Catalogue[RecurringDraft, Recurring]):
    """`saved` and `forgotten` are told of each change, in the same transaction."""

    table = tables.recurring_duty
    resource = Resource.RECURRING

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: KeyRing,
        *,
        saved: Callable[[AsyncConnection, RecurringDraft], Awaitable[None]],
        forgotten: Callable[[AsyncConnection, str], Awaitable[None]],
    ) -> None:
        super().__init__(database, clock, keyring)
        self._saved = saved
        self._forgotten = forgotten

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[Recurring]:
        """By id."""
        return await self._page(kept_by_nobody(), after=after, limit=limit)

    async def _row(self, connection: AsyncConnection, item_id: str) -> Row[Any]:
        if is_kept(item_id):
            raise NotFound(f"no {self.resource} {item_id} of people's own; see what it is kept for")
        return await super()._row(connection, item_id)

    async def put_in(
        self,
        connection: AsyncConnection,
        actor: Principal,
        draft: RecurringDraft,
        *,
        version: int | None = None,
    ) -> Saved[Recurring]:
        saved = await super().put_in(connection, actor, draft, version=version)
        if saved.change is not SaveChange.UNCHANGED:
            await self._saved(connection, saved.item)
        return saved

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: RecurringDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        name = check_name(draft.name, problems)
        problems += _problems(draft, await load_roster(connection))
        return {"name": name, "body": body_of(draft)}

    def _read(self, row: Row[Any]) -> Recurring:
        draft = draft_of(row)
        return Recurring(
            **{name: getattr(draft, name) for name in RecurringDraft.__dataclass_fields__},
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    async def _forget(self, connection: AsyncConnection, item_id: str) -> None:
        await self._forgotten(connection, item_id)
        table = tables.recurring_round
        await connection.execute(delete(table).where(table.c.duty_id == item_id))


def _problems(draft: RecurringDraft, known: Roster) -> Iterator[tuple[str, str]]:
    for name, least, most in (
        ("every_months", 1, EVERY_MAX),
        ("day", 1, _DAY_MAX),
        ("warn_days", 0, DAYS_MAX),
        ("escalate_days", 1, DAYS_MAX),
    ):
        if not least <= (value := getattr(draft, name)) <= most:
            yield name, f"from {least} to {most}; {value} given"
    if len(draft.instructions) > _TEXT_MAX:
        yield "instructions", f"at most {_TEXT_MAX} characters"
    try:
        zone_of(draft.zone)
    except ValueError as error:
        yield "zone", str(error)
    for name, target in (("owner", draft.owner), ("deputy", draft.deputy)):
        if target is not None and not _is_there(target, known):
            yield name, f"there is no {target}"


def _is_there(target: Target, known: Roster) -> bool:
    """A role need not be filled yet: then everybody is asked."""
    there: dict[TargetKind, Collection[str]] = {
        TargetKind.PERSON: known.contacts,
        TargetKind.ROTA: known.rotas,
        TargetKind.CHANNEL: known.channels,
        TargetKind.ACCOUNT: known.accounts.values(),
    }
    return target.kind not in there or target.id in there[target.kind]
