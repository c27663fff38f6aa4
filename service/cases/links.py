"""Links between incidents, seen from either end: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.errors import Conflict, InvalidInput


class LinkKind(StrEnum):
    """What the first incident is to the second."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CAUSED_BY = "caused_by"
    RECURRENCE_OF = "recurrence_of"
    SPLIT_FROM = "split_from"


INVERSE: Mapping[LinkKind, str] = {
    LinkKind.RELATED: "related",
    LinkKind.DUPLICATE: "duplicate",
    LinkKind.CAUSED_BY: "cause_of",
    LinkKind.RECURRENCE_OF: "recurred_as",
    LinkKind.SPLIT_FROM: "split_into",
}
"""What the second one is to the first."""

BY_HAND = frozenset(LinkKind) - {LinkKind.SPLIT_FROM}
"""Those that people set and remove; a split is a fact."""
SYMMETRIC = frozenset({LinkKind.RELATED, LinkKind.DUPLICATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`from_id` is `kind` of `to_id`; of symmetric kinds the smaller id stands first."""

    from_id: str
    to_id: str
    kind: LinkKind
    note: str | None
    by: str
    at: datetime

    def seen_from(self, incident_id: str) -> tuple[str, str]:
        """(word, other incident): `caused_by` from the one end is `cause_of` from the other."""
        if incident_id == self.from_id:
            return self.kind.value, self.to_id
        return INVERSE[self.kind], self.from_id


def ends(from_id: str, to_id: str, kind: LinkKind) -> tuple[str, str]:
    """The ends in the order in which the link is kept."""
    if kind in SYMMETRIC and to_id < from_id:
        return to_id, from_id
    return from_id, to_id


def check_link(from_id: str, to_id: str, kind: LinkKind, known: Iterable[Link]) -> None:
    """Raise InvalidInput for a link that cannot be set, Conflict for one that closes a circle.

    `known` are all links that touch either end.
    """
    if kind not in BY_HAND:
        raise InvalidInput(
            f"{kind.value} is set by splitting an incident",
            errors=[("kind", f"one of {', '.join(sorted(BY_HAND))}")],
        )
    if from_id == to_id:
        raise InvalidInput("an incident is not linked to itself", errors=[("to", "name another")])
    if kind in SYMMETRIC:
        return
    if any((link.from_id, link.to_id, link.kind) == (to_id, from_id, kind) for link in known):
        raise Conflict(
            f"incident {to_id} is {kind.value} {from_id} already: one of the two is the wrong way"
        )
