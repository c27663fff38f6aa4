"""Whom a post of a monitor can blame: the monitor's brand, or any other that is known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp import normalize
from nlp.targeted import Entity
from service.db import Database
from service.monitors.brands import Brands
from service.monitors.edits import Edits
from service.monitors.model import Brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A brand and all others, our own and competitors', as `nlp.targeted.about` asks for them.

    The names are normal forms. One that both sides have is ours.
    """

    brand_id: str
    ours: tuple[Entity, ...]
    others: tuple[Entity, ...]
    our_names: frozenset[str]
    other_names: frozenset[str]


class BrandDirectory:
    """The brands, read once and again whenever one of them was edited.

    Between two edits a brand's sides are one object: finders of names are kept by them.
    """

    def __init__(self, database: Database, brands: Brands) -> None:
        self._catalogue = brands
        self._edits = Edits(database, "brand")
        self._entities: dict[str, Entity] = {}
        self._sides: dict[str, Sides] = {}

    async def refresh(self) -> bool:
        """Read again what has changed; answers whether anything had."""
        brands = await self._edits.fresh(self._catalogue.every)
        if brands is None:
            return False
        self._entities = {brand.id: _entity(brand) for brand in brands}
        self._sides = {}
        return True

    def sides(self, brand_id: str | None) -> Sides | None:
        """The brand and the others as of the last refresh; None where nobody else is known."""
        if brand_id is None or brand_id not in self._entities or len(self._entities) < 2:
            return None
        if brand_id not in self._sides:
            self._sides[brand_id] = self._take(brand_id)
        return self._sides[brand_id]

    def _take(self, brand_id: str) -> Sides:
        ours = (self._entities[brand_id],)
        others = tuple(entity for key, entity in self._entities.items() if key != brand_id)
        our_names = _names(ours)
        return Sides(
            brand_id=brand_id,
            ours=ours,
            others=others,
            our_names=our_names,
            other_names=_names(others) - our_names,
        )


def _entity(brand: Brand) -> Entity:
    return Entity(brand.name, brand.aliases)


def _names(entities: Iterable[Entity]) -> frozenset[str]:
    names = (normalize(name).text.strip() for entity in entities for name in entity.names)
    return frozenset(name for name in names if name)
