"""Finds who is named where, in a normal form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.lexicon.automaton import Automaton
from nlp.targeted.entity import Entity, Mention
from nlp.text.boundary import stands_alone
from nlp.text.normalizer import normalize


class MentionFinder:
    """Finds entities by name and alias: leftmost, longest, spaced words whole.

    A name inside a longer name is no mention. Of two entities that share a name the first has it.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.names = tuple(_normal_names(entity) for entity in entities)
        self._owner: dict[str, int] = {}
        for place, names in enumerate(self.names):
            for name in names:
                self._owner.setdefault(name, place)
        self._owners = tuple(self._owner.values())
        self._automaton = Automaton(self._owner, longest=True)

    def find(self, normal: str) -> list[Mention]:
        """The mentions in a normal form, in order, not overlapping."""
        return [
            Mention(self._owners[word], start, end)
            for word, start, end in self._automaton.find(normal)
            if stands_alone(normal, start, end)
        ]


@lru_cache(maxsize=1024)
def mention_finder(entities: tuple[Entity, ...]) -> MentionFinder:
    """The finder of these entities, kept: the brands of an installation hardly ever change."""
    return MentionFinder(entities)


def _normal_names(entity: Entity) -> tuple[str, ...]:
    names = (normalize(name).text.strip() for name in entity.names)
    return tuple(dict.fromkeys(name for name in names if name))
