"""What stands around an item: its author's other texts, and what else waits under its hold."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.auth import Action, Principal, Resource
from service.db import Database
from service.db.tables import hold
from service.moderation.review import repository
from service.moderation.review.desk import ReviewDesk
from service.moderation.review.model import ItemFilter, ReviewItem

MOST_OTHERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`copies` is how many copies the hold has met besides this text, `waiting` how many items of
    them a verdict here may decide too; None and 0 without a hold.
    """

    others: tuple[ReviewItem, ...] = ()
    copies: int | None = None
    waiting: int = 0


class AroundItems:
    """Reads it for whoever may read the item."""

    def __init__(self, *, database: Database, desk: ReviewDesk) -> None:
        self._database = database
        self._desk = desk

    async def of(self, principal: Principal, item: ReviewItem) -> Surroundings:
        """At most five other texts of the author, those that wait longest first.

        Raises Forbidden.
        """
        principal.require(Action.READ, Resource.REVIEW)
        others: tuple[ReviewItem, ...] = ()
        if item.author is not None:
            wanted = ItemFilter(authors=(item.author,))
            found = await self._desk.page(principal, wanted, limit=MOST_OTHERS + 2)
            # A second opinion must not be told by its twin.
            twins = {item.id, item.twin_of}
            others = tuple(
                other for other in found if other.id not in twins and other.twin_of is None
            )
        if item.hold_id is None:
            return Surroundings(others=others[:MOST_OTHERS])
        async with self._database.read() as connection:
            copies = await connection.scalar(select(hold.c.copies).where(hold.c.id == item.hold_id))
            waiting = await repository.waiting_under_hold(
                connection, item.hold_id, kind=item.kind, besides=item.id
            )
        return Surroundings(
            others=others[:MOST_OTHERS],
            copies=copies,
            waiting=waiting,
        )
