"""The timers of items: warn at half the limit, raise to the top at its end, and say so loudly."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.moderation.backlog import Backlog
from service.moderation.review import lifecycle, repository
from service.moderation.review.ages import OVERDUE, TWICE, WARN
from service.moderation.review.lifecycle import UNDECIDED
from service.moderation.review.model import ReviewItem
from service.moderation.review.opinions import Opinions
from service.moderation.review.reactions import BacklogAlarm
from service.moderation.review.trail import trace
from service.timers import FiredTimer, Stale, TimerHandler

log = structlog.get_logger(__name__)


class AgeWatch:
    """Handlers of the three ages. A backlog is an incident: people are paged, by their clocks."""

    def __init__(
        self, *, opinions: Opinions, alarm: BacklogAlarm | None, most_overdue: int
    ) -> None:
        """`alarm` is raised from `most_overdue` overdue items on, and for each at twice its age."""
        self._opinions = opinions
        self._alarm = alarm
        self._most_overdue = most_overdue

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind, for the engine."""
        return {WARN: self.warn, OVERDUE: self.overdue, TWICE: self.twice}

    async def warn(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Half of the time is over."""
        item = await _waiting(connection, fired)
        if isinstance(item, Stale):
            return item
        await repository.mark(connection, item.id, warned_at=fired.fired_at)
        await self._note(connection, item, "due_soon", fired)
        return None

    async def overdue(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """The limit has passed: to the top of the queue, and an incident when too many are there.

        A second opinion that nobody gave is withdrawn instead: no author waits for it.
        """
        item = await _waiting(connection, fired)
        if isinstance(item, Stale):
            return item
        if item.is_opinion:
            after = lifecycle.withdraw(item.standing())
            await repository.change(
                connection,
                item,
                now=fired.fired_at,
                state=after.state.value,
                holder=None,
                lease_until=None,
            )
            await self._opinions.end(connection, item)
            await self._note(connection, item, "withdrawn", fired)
            return None
        await repository.mark(connection, item.id, overdue_at=fired.due_at, urgency=0)
        await self._note(connection, item, "overdue", fired)
        length = await repository.line_length(connection, item.line)
        if length.overdue >= self._most_overdue:
            await self._raise(connection, item, fired)
        return None

    async def twice(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Twice the limit: an incident, however few there are."""
        item = await _waiting(connection, fired)
        if isinstance(item, Stale):
            return item
        await self._note(connection, item, "twice_overdue", fired)
        await self._raise(connection, item, fired)
        return None

    async def _note(
        self, connection: AsyncConnection, item: ReviewItem, kind: str, fired: FiredTimer
    ) -> None:
        data = {"line": item.line.value, "due_at": item.due_at.isoformat()}
        await trace(connection, item.id, kind, data, actor=audit.SYSTEM, now=fired.fired_at)
        log.warning("review.age", age=kind, item=item.id, line=item.line.value)

    async def _raise(
        self, connection: AsyncConnection, item: ReviewItem, fired: FiredTimer
    ) -> None:
        length = await repository.line_length(connection, item.line)
        if self._alarm is None or length.oldest_since is None:
            log.error("review.backlog_unheard", line=item.line.value, overdue=length.overdue)
            return
        backlog = Backlog(
            queue=f"review.{item.line.value}",
            length=length.waiting,
            oldest_age=fired.fired_at - length.oldest_since,
            limit=item.due_at - item.entered_at,
        )
        await self._alarm.report(connection, backlog, now=fired.fired_at)


async def _waiting(connection: AsyncConnection, fired: FiredTimer) -> ReviewItem | Stale:
    """The item that a timer is about, while it waits on the line that the timer was set for."""
    item = await repository.find(connection, fired.subject_id)
    if item is None:
        return Stale.SUBJECT_GONE
    if item.state not in UNDECIDED or item.line.value != fired.payload["line"]:
        return Stale.NO_LONGER_DUE
    return item
