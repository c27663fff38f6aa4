"""Sources: which places are pulled, with which settings, how often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import BadSettings, Source, UnknownKind, build_source, kinds
from service.audit import secret_names
from service.auth import Action, Principal, Resource, Undecipherable
from service.db.page import Page
from service.db.tables import checkpoint, hot_post, source, source_backfill
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.monitors.model import Saved, SourceConfig, SourceDraft

SHORTEST_INTERVAL_S = 10
LONGEST_INTERVAL_S = 7 * 86_400


class Sources(Catalogue[SourceDraft, SourceConfig]):
    """The catalogue of sources. Settings are checked by the model of their kind."""

    table = source
    resource = Resource.SOURCE
    sealed = frozenset({"secrets"})

    async def page(
        self,
        *,
        after: str | None = None,
        limit: int = 50,
        kind: str | None = None,
        enabled: bool | None = None,
    ) -> Page[SourceConfig]:
        """Sources by id."""
        where = []
        if kind is not None:
            where.append(source.c.kind == kind)
        if enabled is not None:
            where.append(source.c.enabled.is_(enabled))
        return await self._page(*where, after=after, limit=limit)

    async def build(self, item_id: str, *, widest: bool = False) -> Source:
        """The source itself; `widest` lets one that walks a list go as far as its kind can.

        Raises NotFound, Undecipherable, UnknownKind or BadSettings.
        """
        async with self._database.read() as connection:
            row = await self._row(connection, item_id)
        return self._built(row, **(_widest(row.kind) if widest else {}))

    def try_out(self, draft: SourceDraft) -> Source:
        """The source of a draft, nothing saved. Raises UnknownKind or BadSettings."""
        return self._build(draft.kind, draft.id, draft.settings, draft.secrets or {})

    async def switch(
        self, actor: Principal, item_id: str, *, enabled: bool, version: int | None = None
    ) -> Saved[SourceConfig]:
        """Pause a source, or let it go on from where it was. Raises as `put`, and NotFound."""
        actor.require(Action.EDIT, self.resource)
        item = await self.get(item_id)
        draft = SourceDraft(
            id=item.id,
            kind=item.kind,
            name=item.name,
            settings=item.settings,
            interval_s=item.interval_s,
            enabled=enabled,
        )
        return await self.put(actor, draft, version=item.version if version is None else version)

    async def build_enabled(self) -> tuple[dict[str, Source], dict[str, str]]:
        """Every enabled source by id, and of those that cannot be built why, by id."""
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    select(source).where(source.c.enabled).order_by(source.c.id)
                )
            ).all()
        built: dict[str, Source] = {}
        broken: dict[str, str] = {}
        for row in rows:
            try:
                built[row.id] = self._built(row)
            except (BadSettings, UnknownKind, Undecipherable) as error:
                broken[row.id] = str(error)
        return built, broken

    def _built(self, row: Row[Any], **changes: Any) -> Source:
        if row.secrets is not None and self._open(row, "secrets") is None:
            raise Undecipherable(f"the secrets of source {row.id} were lost; give them anew")
        return self._build(row.kind, row.id, {**row.settings, **changes}, self._secrets(row))

    def _build(
        self, kind: str, name: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]
    ) -> Source:
        return build_source(kind, name, merged(settings, secrets), now=self._clock.now)

    def _secrets(self, row: Row[Any]) -> dict[str, Any]:
        text = self._open(row, "secrets")
        secrets: dict[str, Any] = json.loads(text) if text else {}
        return secrets

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: SourceDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        stored = {} if row is None else self._secrets(row)
        secrets = stored
        if draft.secrets is not None:
            kept = {name: stored[name] for name in draft.kept if name in stored}
            secrets = {**kept, **draft.secrets}
        if not SHORTEST_INTERVAL_S <= draft.interval_s <= LONGEST_INTERVAL_S:
            problems.append(
                ("interval_s", f"{SHORTEST_INTERVAL_S} to {LONGEST_INTERVAL_S} seconds")
            )
        for path in secret_names(draft.settings):
            problems.append((f"settings.{path}", "looks like a secret: put it under `secrets`"))
        try:
            self._build(draft.kind, draft.id, draft.settings, secrets)
        except UnknownKind as error:
            problems.append(("kind", str(error)))
        except BadSettings as error:
            problems += [(f"settings.{key}", message) for key, message in error.errors]
        return {
            "kind": draft.kind,
            "name": check_name(draft.name, problems),
            "settings": dict(draft.settings),
            "secrets": json.dumps(dict(secrets), sort_keys=True) if secrets else None,
            "interval_s": draft.interval_s,
            "enabled": draft.enabled,
        }

    async def _forget(self, connection: AsyncConnection, item_id: str) -> None:
        for table in (checkpoint, hot_post, source_backfill):
            await connection.execute(delete(table).where(table.c.source_id == item_id))

    def _read(self, row: Row[Any]) -> SourceConfig:
        return SourceConfig(
            id=row.id,
            kind=row.kind,
            name=row.name,
            settings=row.settings,
            secret_names=tuple(sorted(self._secrets(row))),
            interval_s=row.interval_s,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


def _widest(kind: str) -> dict[str, Any]:
    """How many pages a kind can walk at most; nothing for kinds that walk no pages."""
    known = kinds().get(kind)
    schema = {} if known is None else known.settings_schema()
    pages = schema.get("properties", {}).get("max_pages", {}).get("maximum")
    return {} if pages is None else {"max_pages": pages}


def merged(settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with the secrets put in: an object among them is joined key by key (`headers`)."""
    whole = dict(settings)
    for key, value in secrets.items():
        before = whole.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            whole[key] = {**before, **value}
        else:
            whole[key] = value
    return whole
