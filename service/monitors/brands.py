"""Brands, our own and competitors'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Resource
from service.db.page import Page
from service.db.tables import brand, monitor
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.monitors.model import Brand, BrandDraft, BrandKind

MOST_ALIASES = 100


class Brands(Catalogue[BrandDraft, Brand]):
    """The catalogue of brands."""

    table = brand
    resource = Resource.BRAND

    async def page(
        self, *, after: str | None = None, limit: int = 50, kind: BrandKind | None = None
    ) -> Page[Brand]:
        """Brands by id."""
        where = [] if kind is None else [brand.c.kind == kind.value]
        return await self._page(*where, after=after, limit=limit)

    async def words(self) -> tuple[str, ...]:
        """Names and aliases of every brand, sorted: the tokenizer must not cut them apart."""
        return tuple(
            sorted({word for item in await self.every() for word in (item.name, *item.aliases)})
        )

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: BrandDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        aliases = list(dict.fromkeys(alias.strip() for alias in draft.aliases))
        if len(aliases) > MOST_ALIASES or any(not 1 <= len(alias) <= 100 for alias in aliases):
            problems.append(("aliases", f"at most {MOST_ALIASES}, each of 1 to 100 characters"))
        return {
            "name": check_name(draft.name, problems),
            "kind": draft.kind.value,
            "aliases": aliases,
        }

    async def _used_by(self, connection: AsyncConnection, item_id: str) -> Sequence[str]:
        found = await connection.scalars(
            select(monitor.c.id).where(monitor.c.brand_id == item_id).order_by(monitor.c.id)
        )
        return [f"monitor {name}" for name in found]

    def _read(self, row: Row[Any]) -> Brand:
        return Brand(
            id=row.id,
            name=row.name,
            kind=BrandKind(row.kind),
            aliases=tuple(row.aliases),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )
