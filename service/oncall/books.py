"""The books of who is paged: people, rotas, roles and chains, each a catalogue of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import KeyRing, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.db.page import Page
from service.monitors import Saved
from service.monitors.bodied import Bodied
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.oncall.model import (
    Chain,
    ChainDraft,
    Contact,
    ContactDraft,
    Duty,
    DutyDraft,
    Rota,
    RotaDraft,
    TargetKind,
)
from service.oncall.problems import (
    chain_problems,
    contact_problems,
    duty_problems,
    rota_problems,
)
from service.oncall.roster import Roster

AnyDraft = TypeVar("AnyDraft", ContactDraft, RotaDraft, DutyDraft, ChainDraft)
AnyItem = TypeVar("AnyItem", Contact, Rota, Duty, Chain)
_DRAFTS: Mapping[type[Any], Bodied[Any]] = {
    kind: Bodied(kind) for kind in (ContactDraft, RotaDraft, DutyDraft, ChainDraft)
}
RotaSaved = Callable[[AsyncConnection, RotaDraft], Awaitable[None]]


class _Book(Catalogue[AnyDraft, AnyItem], Generic[AnyDraft, AnyItem]):
    """A catalogue whose rows keep the draft as JSON."""

    draft: ClassVar[type[Any]]
    item: ClassVar[type[Any]]

    @abstractmethod
    def _wrong(self, draft: AnyDraft, known: Roster) -> Iterable[tuple[str, str]]: ...

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[AnyItem]:
        """By id."""
        return await self._page(after=after, limit=limit)

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: AnyDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        name = check_name(draft.name, problems)
        problems += self._wrong(draft, await load_roster(connection))
        return {"name": name, "body": body_of(draft)}

    def _read(self, row: Row[Any]) -> AnyItem:
        item: AnyItem = self.item(
            **_fields(draft_of(self.draft, row)),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )
        return item

    async def _used_by(self, connection: AsyncConnection, item_id: str) -> tuple[str, ...]:
        if self.resource not in (Resource.CONTACT, Resource.ROTA):
            return ()
        return tuple(
            [
                f"{table.name} {row.id}"
                for table in (tables.rota, tables.duty, tables.chain)
                for row in await connection.execute(select(table).order_by(table.c.id))
                if item_id in _named(row.body, self.resource)
            ]
        )


class Contacts(_Book[ContactDraft, Contact]):
    table = tables.contact
    resource = Resource.CONTACT
    draft = ContactDraft
    item = Contact

    def _wrong(self, draft: ContactDraft, known: Roster) -> Iterable[tuple[str, str]]:
        return contact_problems(draft, known)


class Rotas(_Book[RotaDraft, Rota]):
    """`saved` is told of each rota that changes, in the same transaction."""

    table = tables.rota
    resource = Resource.ROTA
    draft = RotaDraft
    item = Rota

    def __init__(
        self, database: Database, clock: Clock, keyring: KeyRing, *, saved: RotaSaved
    ) -> None:
        super().__init__(database, clock, keyring)
        self._saved = saved

    def _wrong(self, draft: RotaDraft, known: Roster) -> Iterable[tuple[str, str]]:
        return rota_problems(draft, known)

    async def put_in(
        self,
        connection: AsyncConnection,
        actor: Principal,
        draft: RotaDraft,
        *,
        version: int | None = None,
    ) -> Saved[Rota]:
        saved = await super().put_in(connection, actor, draft, version=version)
        await self._saved(connection, saved.item)
        return saved


class Duties(_Book[DutyDraft, Duty]):
    table = tables.duty
    resource = Resource.DUTY
    draft = DutyDraft
    item = Duty

    def _wrong(self, draft: DutyDraft, known: Roster) -> Iterable[tuple[str, str]]:
        return duty_problems(draft, known)


class Chains(_Book[ChainDraft, Chain]):
    """One a tier, by its id; laid over the one that ships."""

    table = tables.chain
    resource = Resource.CHAIN
    draft = ChainDraft
    item = Chain

    def __init__(
        self, database: Database, clock: Clock, keyring: KeyRing, *, tiers: Collection[str]
    ) -> None:
        super().__init__(database, clock, keyring)
        self._tiers = tiers

    def _wrong(self, draft: ChainDraft, known: Roster) -> Iterable[tuple[str, str]]:
        return chain_problems(draft, known, tiers=self._tiers)


def body_of(draft: ContactDraft | RotaDraft | DutyDraft | ChainDraft) -> dict[str, Any]:
    """All but id and name, as JSON."""
    return next(each for kind, each in _DRAFTS.items() if isinstance(draft, kind)).body(draft)


def read_draft(kind: type[Any], plain: Mapping[str, Any]) -> Any:
    """The draft that `plain` holds, its id and name with the rest of it."""
    return _DRAFTS[kind].read(plain)


def draft_of(kind: type[Any], row: Row[Any]) -> Any:
    """The draft in a row of a book."""
    return _DRAFTS[kind].of(row)


async def load_roster(connection: AsyncConnection, *, drill: bool | None = None) -> Roster:
    """Everything that is configured, as it stands in this transaction.

    `drill` takes only channels of drills, or only real ones. One that Fengsui has switched off is
    there: what is addressed to it comes to its stand-in.
    """

    async def every(table: Table, kind: type[Any]) -> dict[str, Any]:
        rows = await connection.execute(select(table).order_by(table.c.id))
        return {row.id: draft_of(kind, row) for row in rows}

    channel, health = tables.channel, tables.channel_health
    columns = (channel.c.id, channel.c.enabled, channel.c.drill, channel.c.settings)
    rows = await connection.execute(
        select(*columns, health.c.switched_off_at).outerjoin(
            health, health.c.channel_id == channel.c.id
        )
    )
    known = {row.id: row for row in rows if drill is None or row.drill is drill}
    accounts = await connection.execute(
        select(tables.user.c.name, tables.user.c.id).where(tables.user.c.disabled.is_(False))
    )
    return Roster(
        contacts=await every(tables.contact, ContactDraft),
        rotas=await every(tables.rota, RotaDraft),
        duties=await every(tables.duty, DutyDraft),
        channels=frozenset(each for each in known if _takes(known, each)),
        accounts={row.name: row.id for row in accounts},
    )


def _takes(known: Mapping[str, Any], channel: str) -> bool:
    """Whether it, or for one that Fengsui has switched off its stand-in, takes messages."""
    seen: set[str] = set()
    first, row = True, known.get(channel)
    while row is not None and row.id not in seen:
        if row.enabled:
            return True
        if first and row.switched_off_at is None:
            return False
        seen.add(row.id)
        first, row = False, known.get(row.settings.get("fallback"))
    return False


def _fields(draft: Any) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


def _named(value: Any, resource: Resource) -> set[str]:
    """Ids of contacts or rotas in the body of a book."""
    if isinstance(value, list):
        return set().union(*(_named(item, resource) for item in value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(_named(item, resource) for item in value.values()))
    if resource is Resource.CONTACT:
        found |= {*value.get("members", ()), value.get("person", "")}
        wanted = TargetKind.PERSON
    else:
        wanted = TargetKind.ROTA
    return found | ({value["id"]} if value.get("kind") == wanted else set())
