"""An item enters a line: its clock starts there, with a timer for each age that matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.moderation.review import repository
from service.moderation.review.ages import OVERDUE, SUBJECT, TWICE, WARN, Limits, ages
from service.moderation.review.lifecycle import Standing
from service.moderation.review.model import ReviewItem
from service.timers import Timers, TimerSpec


class Entry:
    """Writes the item and its timers in the caller's transaction."""

    def __init__(self, *, timers: Timers, limits: Limits) -> None:
        self._timers = timers
        self._limits = limits

    async def add(
        self, connection: AsyncConnection, item: ReviewItem, *, now: datetime
    ) -> ReviewItem | None:
        """Insert a new item with its clock; None when it is there already."""
        limit = self._limits.of(
            item.line, appealed=item.appealed_at is not None, opinion=item.is_opinion
        )
        item = replace(item, entered_at=now, due_at=ages(now, limit).due_at)
        if not await repository.add(connection, item):
            return None
        await self._set_timers(connection, item, now=now)
        return item

    async def move(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        standing: Standing,
        *,
        now: datetime,
        **values: Any,
    ) -> ReviewItem:
        """Let an item enter the line of `standing`; `values` are other columns to write."""
        limit = self._limits.of(standing.line, appealed=standing.appealed)
        moved = await repository.change(
            connection,
            item,
            now=now,
            line=standing.line.value,
            state=standing.state.value,
            holder=None,
            lease_until=None,
            entered_at=now,
            due_at=ages(now, limit).due_at,
            warned_at=None,
            overdue_at=None,
            urgency=1,
            **values,
        )
        await self._set_timers(connection, moved, now=now)
        return moved

    async def leave(self, connection: AsyncConnection, item: ReviewItem) -> None:
        """Stop the clocks: nothing waits here any more."""
        await self._timers.cancel(connection, subject=(SUBJECT, item.id))

    async def _set_timers(
        self, connection: AsyncConnection, item: ReviewItem, *, now: datetime
    ) -> None:
        known = ages(item.entered_at, item.due_at - item.entered_at)
        instants = {WARN: known.warn_at, OVERDUE: known.due_at, TWICE: known.twice_at}
        if item.is_opinion:
            # Nobody waits for it: it ends at its limit instead of becoming a scandal.
            instants = {OVERDUE: known.due_at}
        for kind, at in instants.items():
            spec = TimerSpec(
                kind=kind,
                subject_type=SUBJECT,
                subject_id=item.id,
                due_at=at,
                payload={"line": item.line.value},
            )
            await self._timers.set(connection, spec, now=now)
