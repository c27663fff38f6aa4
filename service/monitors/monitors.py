"""Monitors (监测方案): queries that say which posts belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.errors import BadQuery
from nlp.query import parse_query
from service.auth import Resource
from service.db.page import Page
from service.db.tables import brand, monitor, monitor_tick
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.monitors.model import Monitor, MonitorDraft

LONGEST_QUERY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillProgress:
    """How far a changed query has gone over the `of` stored posts, in id order."""

    after_id: str | None = None
    done: int = 0
    of: int | None = None
    finished: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "after_id": self.after_id,
            "done": self.done,
            "of": self.of,
            "state": "done" if self.finished else "running",
        }


class Monitors(Catalogue[MonitorDraft, Monitor]):
    """The catalogue of monitors. A new or changed query or brand starts a back-fill."""

    table = monitor
    resource = Resource.MONITOR

    async def page(
        self,
        *,
        after: str | None = None,
        limit: int = 50,
        brand_id: str | None = None,
        enabled: bool | None = None,
    ) -> Page[Monitor]:
        """Monitors by id."""
        where = []
        if brand_id is not None:
            where.append(monitor.c.brand_id == brand_id)
        if enabled is not None:
            where.append(monitor.c.enabled.is_(enabled))
        return await self._page(*where, after=after, limit=limit)

    async def backfilling(self) -> tuple[Monitor, ...]:
        """Enabled monitors whose query has not yet gone over all stored posts."""
        monitors = await self.every(enabled_only=True)
        return tuple(item for item in monitors if (item.backfill or {}).get("state") == "running")

    async def note_backfill(
        self, connection: AsyncConnection, item: Monitor, progress: BackfillProgress
    ) -> bool:
        """Keep the progress in the caller's transaction; False if the monitor changed since."""
        noted = await connection.execute(
            update(monitor)
            .where(monitor.c.id == item.id, monitor.c.version == item.version)
            .values(backfill=progress.to_json())
        )
        return noted.rowcount == 1

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: MonitorDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        query = draft.query.strip()
        if len(query) > LONGEST_QUERY:
            problems.append(("query", f"at most {LONGEST_QUERY} characters"))
        else:
            try:
                parse_query(draft.query)
            except BadQuery as error:
                problems.append(("query", f"column {error.column}: {error.message}"))
        if draft.brand_id is not None:
            known = await connection.scalar(select(brand.c.id).where(brand.c.id == draft.brand_id))
            if known is None:
                problems.append(("brand", f"no brand {draft.brand_id}; make it first"))
        columns: dict[str, Any] = {
            "name": check_name(draft.name, problems),
            "query": query,
            "brand_id": draft.brand_id,
            "enabled": draft.enabled,
        }
        if row is None or (row.query, row.brand_id) != (query, draft.brand_id):
            columns["backfill"] = BackfillProgress().to_json()
        return columns

    async def _forget(self, connection: AsyncConnection, item_id: str) -> None:
        await connection.execute(delete(monitor_tick).where(monitor_tick.c.monitor_id == item_id))

    def _read(self, row: Row[Any]) -> Monitor:
        return Monitor(
            id=row.id,
            name=row.name,
            query=row.query,
            brand_id=row.brand_id,
            enabled=row.enabled,
            backfill=row.backfill,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )
