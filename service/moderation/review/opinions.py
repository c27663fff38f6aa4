"""Second opinions: a share of what is decided goes to another person who does not see the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.ids import stable_id
from service.moderation.review import repository
from service.moderation.review.entry import Entry
from service.moderation.review.lifecycle import State
from service.moderation.review.model import HumanVerdict, ReviewItem
from service.moderation.review.trail import trace


class Opinions:
    """Asks for them and ends them. Nothing but statistics follows from one."""

    def __init__(self, *, entry: Entry, share: float, random: Callable[[], float]) -> None:
        """`share` of the decided items, in [0, 1]; `random` answers in [0, 1)."""
        self._entry = entry
        self._share = share
        self._random = random

    async def ask(
        self, connection: AsyncConnection, item: ReviewItem, verdict: HumanVerdict, *, now: datetime
    ) -> ReviewItem:
        """Draw; file a twin on the same line and seal the first verdict until that is decided."""
        if self._random() >= self._share:
            return item
        twin = replace(
            item,
            id=stable_id("rev", "opinion", item.id, verdict.line.value),
            state=State.PENDING,
            line=verdict.line,
            hold_id=None,
            filed_at=now,
            warned_at=None,
            overdue_at=None,
            ruling=None,
            appealed_at=None,
            appealed_by=None,
            appeal_words=None,
            twin_of=item.id,
            barred=verdict.reviewer,
            sealed=False,
            decided_at=None,
            updated_at=now,
            version=1,
        )
        if (added := await self._entry.add(connection, twin, now=now)) is None:
            return item
        data = {"line": added.line.value, "origin": added.origin.value}
        await trace(connection, added.id, "filed", data, actor=item.caller, now=now)
        await repository.mark(connection, item.id, sealed=True)
        return replace(item, sealed=True)

    async def end(self, connection: AsyncConnection, twin: ReviewItem) -> None:
        """The opinion is given, or will not be: the first verdict may be told."""
        if twin.twin_of is not None:
            await repository.mark(connection, twin.twin_of, sealed=False)
