"""Which chain pages an incident of a tier: the one that people wrote, else the one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import TierTable
from service.db import tables
from service.oncall.books import draft_of
from service.oncall.model import ChainDraft

_SHIPPED = Path(__file__).with_name("chains.yaml")


@cache
def shipped_chains() -> Mapping[str, ChainDraft]:
    """By tier, the gravest last."""
    rows = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    return {chain.id: chain for chain in TypeAdapter(list[ChainDraft]).validate_python(rows)}


class ChainBook:
    """Chains for the tiers of the installation."""

    def __init__(self, tiers: TierTable) -> None:
        self._tiers = tiers

    async def of(self, connection: AsyncConnection, tier: str) -> ChainDraft:
        """The chain for a tier.

        A tier of a table of one's own that has no chain takes that of the tier it follows, or else
        of its place from the top: of the gravest tiers the gravest chain.
        """
        row = (
            await connection.execute(select(tables.chain).where(tables.chain.c.id == tier))
        ).first()
        if row is not None:
            chain: ChainDraft = draft_of(ChainDraft, row)
            return chain
        shipped = shipped_chains()
        known = next((item for item in self._tiers.tiers if item.id == tier), None)
        for name in (tier, known.follows if known is not None else None):
            if name is not None and name in shipped:
                return shipped[name]
        from_top = len(self._tiers.ids) - self._tiers.ids.index(tier) if known else 1
        return list(shipped.values())[max(len(shipped) - from_top, 0)]

    @property
    def gravest(self) -> str:
        """The tier above all others."""
        return self._tiers.ids[-1]
