"""Channels: where people are paged. Addresses and signing secrets are encrypted and never shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import SYSTEM as SYSTEM_ACTOR
from service.audit import record, secret_names
from service.auth import Action, KeyRing, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.db.page import Page
from service.db.tables import channel, channel_health
from service.delivery import enqueue, health
from service.delivery.channels.limits import robot_of
from service.delivery.channels.settings import (
    KINDS,
    MOST_SECRETS,
    missing,
    patience_of,
    problems,
)
from service.delivery.model import ChannelTarget
from service.delivery.render import instant_text
from service.delivery.signing import generate_secret
from service.errors import InvalidInput
from service.events import EventType
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.monitors.model import ChannelConfig, ChannelDraft, ChannelKind, SaveChange, Saved

_DATA_KINDS = frozenset({ChannelKind.WEBHOOK, ChannelKind.JSON, ChannelKind.RECORDING})
"""What programs read: they may have the heartbeat, which people would not want each minute."""


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
            rows = await connection.execute(
                select(channel, channel_health.c.switched_off_at)
                .outerjoin(channel_health, channel_health.c.channel_id == channel.c.id)
                .order_by(channel.c.id)
            )
            return [self._target(row) for row in rows]

    def _target(self, row: Row[Any]) -> ChannelTarget:
        minimum = None if row.minimum_tier is None else self._ranks.get(row.minimum_tier)
        url, secrets = self._open(row, "url"), tuple((self._open(row, "secret") or "").split())
        robot = robot_of(row.kind, url=url, secrets=secrets, settings=row.settings)
        return ChannelTarget(
            id=row.id,
            kind=row.kind,
            url=url,
            secrets=secrets,
            settings=row.settings,
            events=tuple(row.events),
            minimum_rank=minimum,
            drill=row.drill,
            enabled=row.enabled,
            fallback=row.settings.get("fallback"),
            fallback_after=patience_of(row.settings),
            switched_off=row.switched_off_at is not None and not row.enabled,
            alerts=row.kind in KINDS and KINDS[row.kind].alerts,
            robot=None
            if robot is None
            else self._keyring.signature("robots", robot.encode()).hex(),
        )

    def _hidden(self, robot: str) -> str:
        """The same for the same address, which it does not tell."""
        return self._keyring.signature("robots", robot.encode()).hex()

    async def rotate_secret(self, actor: Principal, item_id: str) -> Saved[ChannelConfig]:
        """Sign with a new secret from now on, and with the last ones too until receivers follow.

        Raises InvalidInput for a kind whose secrets are the provider's to make.
        """
        actor.require(Action.EDIT, Resource.CHANNEL)
        async with self._database.write() as connection:
            row = await self._row(connection, item_id)
            if ChannelKind(row.kind) not in _DATA_KINDS:
                raise InvalidInput(
                    f"the secrets of a {row.kind} channel come from the provider: make one there, "
                    "and save it under `secrets`"
                )
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
        """Disable a channel whose receiver is gone, in the caller's transaction; audited.

        Every other channel is told, and its fallback stands in until a person turns it on.
        """
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
        await health.switched_off(connection, item_id, at=at)
        row = await self._row(connection, item_id)
        await enqueue(
            connection,
            type=EventType.CHANNEL_DISABLED,
            occurred_at=at,
            incident_id=None,
            tier_rank=None,
            drill=row.drill,
            data={
                "channel": {"id": item_id, "name": row.name, "kind": row.kind},
                "reason": reason[:500],
                "fallback": row.settings.get("fallback"),
            },
            parts=[item_id, instant_text(at)],
        )

    async def _write(
        self,
        connection: AsyncConnection,
        item_id: str,
        row: Row[Any] | None,
        columns: Mapping[str, Any],
        changed: Mapping[str, Any],
    ) -> None:
        await super()._write(connection, item_id, row, columns, changed)
        if columns.get("enabled"):
            await health.turned_on(connection, item_id)

    async def _used_by(self, connection: AsyncConnection, item_id: str) -> Sequence[str]:
        """Channels that it stands in for."""
        rows = await connection.execute(select(channel.c.id, channel.c.settings))
        return [
            f"channel {row.id} as its fallback"
            for row in rows
            if row.settings.get("fallback") == item_id
        ]

    async def _forget(self, connection: AsyncConnection, item_id: str) -> None:
        await connection.execute(
            delete(channel_health).where(channel_health.c.channel_id == item_id)
        )

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: ChannelDraft,
        row: Row[Any] | None,
        found: Problems,
    ) -> dict[str, Any]:
        url = draft.url
        if url is None and row is not None:
            url = self._open(row, "url")
        found += problems(draft.kind.value, url=url, secrets=draft.secrets, settings=draft.settings)
        if draft.secrets is not None or row is None or row.kind != draft.kind.value:
            found += missing(draft.kind.value, secrets=draft.secrets, settings=draft.settings)
        elif row.secret is None:
            found += missing(draft.kind.value, secrets=(), settings=draft.settings)
        found += await self._fallback_problems(connection, draft)
        if draft.minimum_tier is not None and draft.minimum_tier not in self._ranks:
            known = ", ".join(sorted(self._ranks, key=lambda tier: self._ranks[tier]))
            found.append(("minimum_tier", f"no tier {draft.minimum_tier!r}; there are {known}"))
        for event in draft.events:
            if event not in set(EventType):
                known = ", ".join(sorted(EventType))
                found.append(("events", f"no event {event!r}; there are {known}"))
        for path in secret_names(draft.settings):
            found.append((f"settings.{path}", "looks like a secret: put it under `secrets`"))
        columns = {
            "kind": draft.kind.value,
            "name": check_name(draft.name, found),
            "url": url,
            "settings": dict(draft.settings),
            "events": sorted(set(draft.events)),
            "minimum_tier": draft.minimum_tier,
            "drill": draft.drill,
            "enabled": draft.enabled,
        }
        if EventType.SERVICE_HEARTBEAT in draft.events and draft.kind not in _DATA_KINDS:
            found.append(("events", "a heartbeat each minute is for programs, not for people"))
        if row is not None and row.kind != draft.kind.value:
            columns["secret"] = None  # those of another provider are none here
        if draft.secrets is not None:
            columns["secret"] = " ".join(draft.secrets) or None
        return columns

    async def _fallback_problems(
        self, connection: AsyncConnection, draft: ChannelDraft
    ) -> Problems:
        """A fallback must exist, be for the same use, and lead back to nobody before it."""
        rows = await connection.execute(select(channel.c.id, channel.c.drill, channel.c.settings))
        known = {row.id: row for row in rows}
        for each in known.values():
            leans = each.id != draft.id and each.settings.get("fallback") == draft.id
            if leans and each.drill != draft.drill:
                return [("drill", f"{each.id} falls back to it, and must be for the same use")]
        name = draft.settings.get("fallback")
        if not isinstance(name, str):
            return []
        if name == draft.id:
            return [("settings.fallback", "a channel cannot stand in for itself")]
        if name not in known:
            return [("settings.fallback", f"no channel {name[:64]!r}; save that one first")]
        if known[name].drill != draft.drill:
            return [("settings.fallback", "one of the two is for drills and the other is not")]
        seen = [draft.id]
        following: str | None = name
        while following is not None and following in known and following not in seen:
            seen.append(following)
            following = known[following].settings.get("fallback")
        if following == draft.id:
            return [("settings.fallback", f"a circle: {' > '.join([*seen, draft.id])}")]
        return []

    def _new_secret(self, draft: ChannelDraft, row: Row[Any] | None) -> str | None:
        wanted = KINDS[draft.kind.value].makes_secret and draft.secrets is None
        theirs = row is None or row.secret is None or row.kind != draft.kind.value
        return generate_secret() if wanted and theirs else None

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
