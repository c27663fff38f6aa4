"""`tiers.yaml`: how bad it may get, lowest first."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake
from playbooks.schema.base import Content, Id, Text

_WALL_CLOCK = ("orange", "red")
"""Tiers that never wait for office hours, under whatever table."""


class Tier(Content):
    """One level of severity; `colour` is #rrggbb.

    A tier that `follows` another has its steps, times and texts wherever content does not name it.
    """

    id: Id
    name: Text
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
    follows: Id | None = None


class TierTable(Content):
    """All tiers, lowest first; a tier's rank is its position, from 1."""

    id: Id
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    downgrade_by_person_from: Id

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.ids)) < len(self.tiers):
            raise BadValue(Mistake.BAD_TIERS, "two tiers have the same id")
        if "all" in self.ids:
            raise BadValue(
                Mistake.BAD_TIERS,
                "a tier cannot be called `all`: steps use that word for every tier",
            )
        if self.downgrade_by_person_from not in self.ids:
            raise BadValue(
                Mistake.BAD_TIERS, f"downgrade_by_person_from must be one of {', '.join(self.ids)}"
            )
        plain = {tier.id for tier in self.tiers if tier.follows is None}
        for tier in self.tiers:
            if tier.follows is not None and tier.follows not in plain:
                raise BadValue(Mistake.BAD_TIERS, f"{tier.id} must follow a tier that follows none")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Tier ids, lowest first."""
        return tuple(tier.id for tier in self.tiers)

    @property
    def office_tiers(self) -> tuple[str, ...]:
        """Tiers whose steps may go by office hours: below orange, red and those of a person."""
        urgent = (self.downgrade_by_person_from, *_WALL_CLOCK)
        first = min(self.ids.index(name) for name in urgent if name in self.ids)
        return self.ids[:first]

    @property
    def follows(self) -> dict[str, str]:
        """The tiers that follow another, and which."""
        return {tier.id: tier.follows for tier in self.tiers if tier.follows is not None}
