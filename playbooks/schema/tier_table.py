"""`tiers.yaml`: how bad it may get, lowest first."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from playbooks.schema.base import Content, Id, Text


class Tier(Content):
    """One level of severity; `colour` is #rrggbb."""

    id: Id
    name: Text
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class TierTable(Content):
    """All tiers, lowest first; a tier's rank is its position, from 1."""

    id: Id
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    downgrade_by_person_from: Id

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.ids)) < len(self.tiers):
            raise ValueError("two tiers have the same id")
        if "all" in self.ids:
            raise ValueError("a tier cannot be called `all`: steps use that word for every tier")
        if self.downgrade_by_person_from not in self.ids:
            raise ValueError(f"downgrade_by_person_from must be one of {', '.join(self.ids)}")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Tier ids, lowest first."""
        return tuple(tier.id for tier in self.tiers)
