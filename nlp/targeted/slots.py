"""A post as one entity sees it: itself a slot, every other entity another slot.

With the names masked, what is learned of one company holds for the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.targeted.entity import Mention

OWN = "\ue000"
OTHER = "\ue001"
# Parts pieces of a view. The normal form has no control characters.
GAP = "\x00"

# Each entity stands as one character of a plane that nobody writes in.
_FIRST = 0xF0000
_MOST = 0xFFFD
_FIRST_SLOT = chr(_FIRST)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_DIGITS = dict.fromkeys(range(ord("1"), ord("9") + 1), "0")


@dataclass(frozen=True, slots=True)
class Slotted:
    """A normal form with each mention one character; `places[i]` are those of entity i."""

    text: str
    places: tuple[tuple[int, ...], ...]

    def seen_by(self, entity: int, pieces: Sequence[str]) -> str:
        """Pieces of the text, GAPs between: OWN for the entity, OTHER for the rest, digits 0."""
        table: dict[int, str] = _DIGITS | {
            _FIRST + other: OTHER for other, places in enumerate(self.places) if places
        }
        table[_FIRST + entity] = OWN
        return GAP.join(pieces).translate(table)

    def said_after(self, place: int, most: int) -> str:
        """What follows the mention at a place: up to the next of anybody else, at most `most`."""
        own = self.text[place]
        for offset, character in enumerate(self.text[place + 1 : place + most + 1]):
            if character != own and character >= _FIRST_SLOT:
                return self.text[place : place + 1 + offset]
        return self.text[place : place + most + 1]


def slotted(normal: str, mentions: Sequence[Mention], *, entities: int) -> Slotted:
    """The normal form with its mentions (in order, not overlapping) masked.

    Of more than 65,533 entities the last share a slot; nobody names so many.
    """
    pieces: list[str] = []
    places: list[list[int]] = [[] for _ in range(entities)]
    done = length = 0
    for mention in mentions:
        piece = _PRIVATE.sub("\ufffd", normal[done : mention.start])
        length += len(piece)
        places[mention.entity].append(length)
        pieces += (piece, chr(_FIRST + min(mention.entity, _MOST)))
        length += 1
        done = mention.end
    pieces.append(_PRIVATE.sub("\ufffd", normal[done:]))
    return Slotted("".join(pieces), tuple(tuple(places_of) for places_of in places))
