"""Channels: where people are paged. Addresses and signing secrets are encrypted and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import SYSTEM as SYSTEM_ACTOR
from service.audit import record, secret_names
from service.auth import Action, KeyRing, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.db.page import Page
from service.db.tables import channel
from service.delivery.errors import BadSecret
from service.delivery.model import ChannelTarget
from service.delivery.signing import decode_secret, generate_secret
from service.events import EventType
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.monitors.model import ChannelConfig, ChannelDraft, ChannelKind, SaveChange, Saved

LONGEST_URL = 2_000
MOST_SECRETS = 3


class Channels(Catalogue[ChannelDraft, ChannelConfig]):
    """The catalogue of channels. `ranks` gives each tier's rank: graver is higher."""

    table = channel
    resource = Resource.CHANNEL
    sealed = frozenset({"url", "secret"})

    def __init__(
        self, database: Database, clock: Clock, keyring: KeyRing, *, ranks: Mapping[str, int]
    ) -> None:
        super().__init__(database, clock, keyring)
        self._ranks = ranks

    async def page(
        self,
        *,
        after: str | None = None,
        limit: int = 50,
        kind: ChannelKind | None = None,
        enabled: bool | None = None,
    ) -> Page[ChannelConfig]:
        """Channels by id."""
        where = []
        if kind is not None:
            where.append(channel.c.kind == kind.value)
        if enabled is not None:
            where.append(channel.c.enabled.is_(enabled))
        return await self._page(*where, after=after, limit=limit)

    async def targets(self) -> list[ChannelTarget]:
        """Every channel with its address and secrets in the clear, for the deliverer alone."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(channel).order_by(channel.c.id))
            return [self._target(row) for row in rows]

    def _target(self, row: Row[Any]) -> ChannelTarget:
        minimum = None if row.minimum_tier is None else self._ranks.get(row.minimum_tier)
        return ChannelTarget(
            id=row.id,
            kind=row.kind,
            url=self._open(row, "url"),
            secrets=tuple((self._open(row, "secret") or "").split()),
            settings=row.settings,
            events=tuple(row.events),
            minimum_rank=minimum,
            drill=row.drill,
            enabled=row.enabled,
        )

    async def rotate_secret(self, actor: Principal, item_id: str) -> Saved[ChannelConfig]:
        """Sign with a new secret from now on, and with the last ones too until receivers follow."""
        actor.require(Action.EDIT, Resource.CHANNEL)
        async with self._database.write() as connection:
            row = await self._row(connection, item_id)
            fresh = generate_secret()
            kept = [fresh, *(self._open(row, "secret") or "").split()][:MOST_SECRETS]
            columns = {"secret": " ".join(kept)}
            changed = self._changed(row, columns)
            await self._write(connection, item_id, row, columns, changed)
            await self._tell(connection, actor, item_id, "changed", self._told(changed))
            item = self._read(await self._row(connection, item_id))
        return Saved(item=item, change=SaveChange.CHANGED, new_secret=fresh)

    async def switch_off(
        self, connection: AsyncConnection, item_id: str, reason: str, at: datetime
    ) -> None:
        """Disable a channel whose receiver is gone, in the caller's transaction; audited."""
        done = await connection.execute(
            update(channel)
            .where(channel.c.id == item_id, channel.c.enabled)
            .values(enabled=False, updated_at=at, version=channel.c.version + 1)
        )
        if not done.rowcount:
            return
        await record(
            connection,
            at=at,
            actor=SYSTEM_ACTOR,
            action="channel.switched_off",
            subject_type="channel",
            subject_id=item_id,
            data={"reason": reason[:500]},
        )
        await announce(
            connection, at=at, kind="channel", subject_id=item_id, data={"change": "changed"}
        )

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: ChannelDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        url = draft.url
        if url is None and row is not None:
            url = self._open(row, "url")
        if draft.kind is ChannelKind.WEBHOOK:
            problems += _url_problems(url)
        if draft.minimum_tier is not None and draft.minimum_tier not in self._ranks:
            known = ", ".join(sorted(self._ranks, key=lambda tier: self._ranks[tier]))
            problems.append(("minimum_tier", f"no tier {draft.minimum_tier!r}; there are {known}"))
        for event in draft.events:
            if event not in set(EventType):
                known = ", ".join(sorted(EventType))
                problems.append(("events", f"no event {event!r}; there are {known}"))
        for path in secret_names(draft.settings):
            problems.append((f"settings.{path}", "looks like a secret: put it under `secrets`"))
        columns = {
            "kind": draft.kind.value,
            "name": check_name(draft.name, problems),
            "url": url,
            "settings": dict(draft.settings),
            "events": sorted(set(draft.events)),
            "minimum_tier": draft.minimum_tier,
            "drill": draft.drill,
            "enabled": draft.enabled,
        }
        if draft.secrets is not None:
            problems += _secret_problems(draft.secrets)
            columns["secret"] = " ".join(draft.secrets) or None
        return columns

    def _new_secret(self, draft: ChannelDraft, row: Row[Any] | None) -> str | None:
        wanted = draft.kind is ChannelKind.WEBHOOK and draft.secrets is None
        return generate_secret() if wanted and (row is None or row.secret is None) else None

    def _read(self, row: Row[Any]) -> ChannelConfig:
        url = self._open(row, "url")
        return ChannelConfig(
            id=row.id,
            kind=ChannelKind(row.kind),
            name=row.name,
            url_host=urlsplit(url).hostname if url else None,
            signed=row.secret is not None,
            settings=row.settings,
            events=tuple(row.events),
            minimum_tier=row.minimum_tier,
            drill=row.drill,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


def _url_problems(url: str | None) -> Problems:
    """The address itself is a secret: messages never quote it."""
    if not url:
        return [("url", "a webhook needs an address like https://hooks.example/fengsui")]
    if len(url) > LONGEST_URL:
        return [("url", f"at most {LONGEST_URL} characters")]
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    return [] if usable else [("url", "not an http or https address")]


def _secret_problems(secrets: tuple[str, ...]) -> Problems:
    problems: Problems = []
    if len(secrets) > MOST_SECRETS:
        problems.append(("secrets", f"at most {MOST_SECRETS}, the newest first"))
    for place, secret in enumerate(secrets):
        try:
            decode_secret(secret)
        except BadSecret as error:
            problems.append((f"secrets[{place}]", str(error)))
    return problems
