"""Somebody who can be named in a post, and where the post names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A brand, company or product; `aliases` are other names under which people write of it."""

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Mention:
    """`entity` is a place in the sequence that was looked for; the span is of the normal form."""

    entity: int
    start: int
    end: int
