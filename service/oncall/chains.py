"""Which chain pages an incident of a tier: the one that people wrote, else the one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import TierTable
from service.db import tables
from service.oncall.books import draft_of
from service.oncall.model import ChainDraft, role_chain

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
        """The chain for a tier; what one's own leaves out is as in the one that ships."""
        shipped = self._shipped(tier)
        chain = await _own(connection, tier)
        return shipped if chain is None else _filled(chain, shipped)

    async def for_role(
        self, connection: AsyncConnection, tier: str, role: str
    ) -> ChainDraft | None:
        """The chain that calls for a role at a tier; None where people wrote none."""
        chain = await _own(connection, role_chain(tier, role))
        return None if chain is None else _filled(chain, self._shipped(tier))

    def _shipped(self, tier: str) -> ChainDraft:
        """Of a tier of a table of one's own that of the tier it follows, or else of its place.

        The place is from the top: of the gravest tier the gravest chain.
        """
        shipped = shipped_chains()
        known = next((item for item in self._tiers.tiers if item.id == tier), None)
        for name in (tier, known.follows if known is not None else None):
            if name is not None and name in shipped:
                return shipped[name]
        from_top = len(self._tiers.ids) - self._tiers.ids.index(tier) if known else 1
        return list(shipped.values())[max(len(shipped) - from_top, 0)]

    @property
    def ids(self) -> tuple[str, ...]:
        """The tiers, the gravest last."""
        return tuple(self._tiers.ids)

    @property
    def gravest(self) -> str:
        """The tier above all others."""
        return self._tiers.ids[-1]


async def _own(connection: AsyncConnection, chain_id: str) -> ChainDraft | None:
    query = select(tables.chain).where(tables.chain.c.id == chain_id)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    chain: ChainDraft = draft_of(ChainDraft, row)
    return chain


def _filled(chain: ChainDraft, shipped: ChainDraft) -> ChainDraft:
    return replace(
        chain,
        anew=shipped.anew if chain.anew is None else chain.anew,
        rest_min=shipped.rest_min if chain.rest_min is None else chain.rest_min,
    )
