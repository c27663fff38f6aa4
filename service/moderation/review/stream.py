"""A stream of items for one person: what waits is claimed for them, a few at a time."""

from __future__ import annotations

from collections.abc import Collection

from service.auth import Action, Principal, Resource
from service.errors import Conflict, Forbidden, IllegalTransition
from service.moderation.review.desk import DECIDES, ReviewDesk
from service.moderation.review.lifecycle import Line, State
from service.moderation.review.model import ItemFilter, ReviewItem, Sort
from service.moderation.review.repository import Position, position

_AT_ONCE = 20
_MOST_LOOKED_AT = 400
"""Items that are tried before it is said that nothing is left: others may be busy with them."""


class ReviewStream:
    """Nobody gets what another has: an item is claimed before it is shown."""

    def __init__(self, desk: ReviewDesk) -> None:
        self._desk = desk

    async def take(
        self,
        principal: Principal,
        count: int,
        *,
        lines: Collection[Line] = (),
        besides: Collection[str] = (),
    ) -> tuple[ReviewItem, ...]:
        """Claim up to `count` items on the lines that one decides, those due first in front.

        `lines` narrows to some of them. What one has claimed before comes first, with the claim
        renewed; what one may not decide, what another is faster with, and what is in `besides` is
        passed over. Raises Forbidden for who works on no line.
        """
        principal.require(Action.WORK, Resource.REVIEW)
        open_lines = tuple(line for line in mine(principal) if not lines or line in lines)
        if not open_lines:
            return ()
        taken: list[ReviewItem] = []
        passed = set(besides)
        for wanted in (
            ItemFilter(lines=open_lines, states=(State.CLAIMED,), holders=(principal.id,)),
            ItemFilter(lines=open_lines, states=(State.PENDING,)),
        ):
            await self._take(principal, wanted, count, taken, passed)
        return tuple(taken)

    async def _take(
        self,
        principal: Principal,
        wanted: ItemFilter,
        count: int,
        taken: list[ReviewItem],
        passed: set[str],
    ) -> None:
        after: Position | None = None
        looked_at = 0
        while len(taken) < count and looked_at < _MOST_LOOKED_AT:
            page = await self._desk.page(principal, wanted, after=after, limit=_AT_ONCE)
            for item in page:
                if item.id in passed:
                    continue
                passed.add(item.id)
                try:
                    taken.append(await self._desk.claim(principal, item.id))
                except (Conflict, Forbidden, IllegalTransition):
                    continue
                if len(taken) == count:
                    return
            if len(page) < _AT_ONCE:
                return
            looked_at += len(page)
            after = position(page[-1], sort=Sort.DUE)


def mine(principal: Principal) -> tuple[Line, ...]:
    """The lines on which somebody decides."""
    return tuple(line for line in Line if principal.may(Action.DECIDE, DECIDES[line]))
