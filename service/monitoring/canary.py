"""The watch for the canary: does a post that sets out at the crawler reach the end of the line?

The synthetic post is looked for in the post store, the rules are asked what they make of it, and a
page for it goes through outbox, router and deliverer to a channel that nobody reads; then every
trace is taken away. No incident is opened: it would stand in people's queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.coverage import CANARY
from service.coverage.canary import CanaryHealth, CanaryState, read_canary, write_canary
from service.db import Database
from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery import ChannelTarget, Message, SendOutcome, SendResult, enqueue
from service.delivery.routing import CANARY_KIND
from service.events import EventType
from service.metrics import canary_age_seconds
from service.monitoring.situation import Situations
from service.monitors.model import Monitor
from service.stores.post_store import PostQuery, PostStore, SortOrder, StoredPost

EVERY = timedelta(seconds=30)
TARGET = ChannelTarget(id=CANARY, kind=CANARY_KIND, events=(EventType.SERVICE_CANARY.value,))
"""The channel at the end of the line; no catalogue has it, and its sender is `CanaryPerch`."""

log = structlog.get_logger(__name__)


class Station(StrEnum):
    """Where a canary that does not arrive is stuck."""

    CRAWL = "crawl"
    """None of them is in the post store: pulling, reading or storing stands still."""
    RULES = "rules"
    """It is stored and nothing would page for it: analysis or rules do not find what they must."""
    DELIVERY = "delivery"
    """It was to be paged and was not."""


class CanaryPerch:
    """The sender at the end of the line: whatever reaches it has arrived."""

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        del channel, message, at
        return SendResult(outcome=SendOutcome.SENT, answer="the canary has arrived")


class CanaryWatch:
    """A job. What it sees is written down, so that any process can say how the canary is."""

    name = "canary"

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, situations: Situations
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._situations = situations
        self._next: datetime | None = None

    async def next_at(self) -> datetime | None:
        return self._next or self._clock.now()

    async def run(self, now: datetime) -> int:
        """Take every canary one station further; answers how many arrived."""
        is_first = self._next is None
        self._next = now + EVERY
        async with self._database.read() as connection:
            before = await read_canary(connection)
            flying = await _flying(connection)
        # While we were away none could arrive.
        anew = is_first or before.first_seen_at is None
        state = replace(before, first_seen_at=now) if anew else before
        state, arrived = _landed(state, flying)
        state = await self._page(state, flying, now)
        if state != before or arrived:
            async with self._database.write(quiet=True) as connection:
                await write_canary(connection, state)
                await _forget(connection, arrived)
        self._tell(before, state, now)
        return len(arrived)

    async def _page(
        self, state: CanaryState, flying: Mapping[str, _Flight], now: datetime
    ) -> CanaryState:
        """Page for the newest stored canary, and take it out of the store."""
        query = PostQuery(monitors=(CANARY,), sources=(CANARY,))
        page = await self._store.search(query, limit=1, sort=SortOrder.NEWEST)
        if not page.items:
            late = [flight for flight in flying.values() if flight.sent_at is None]
            return replace(state, stuck_at=Station.DELIVERY if late else _crawling(state, now))
        post = page.items[0].post
        if not await self._asks_for_a_page(post, now):
            await self._take_away(post)
            return replace(state, stuck_at=Station.RULES)
        async with self._database.write() as connection:
            await enqueue(
                connection,
                type=EventType.SERVICE_CANARY,
                occurred_at=now,
                incident_id=None,
                tier_rank=None,
                drill=False,
                data={"published_at": post.published_at},
                parts=[post.id],
            )
        await self._take_away(post)
        return replace(state, stuck_at=Station.DELIVERY)

    async def _asks_for_a_page(self, post: StoredPost, now: datetime) -> bool:
        monitor = Monitor(
            id=CANARY,
            name=CANARY,
            query=CANARY,
            brand_id=CANARY,
            backfill=None,
            created_at=now,
            updated_at=now,
            version=1,
        )
        self._situations.forget(CANARY)
        hour = await self._situations.hour(CANARY, now)
        views = await self._situations.look(
            monitor, hour=hour, standings={}, since=post.published_at, now=now
        )
        return any(self._situations.asked(view).tier is not None for view in views)

    async def _take_away(self, post: StoredPost) -> None:
        if post.author is not None:
            await self._store.delete_by_author(post.author)

    @staticmethod
    def _tell(before: CanaryState, state: CanaryState, now: datetime) -> None:
        last = state.set_out_at or state.first_seen_at or now
        canary_age_seconds.set((now - last).total_seconds())
        if state.health(now) is CanaryHealth.LATE and before.stuck_at != state.stuck_at:
            log.error("canary.late", stuck_at=state.stuck_at, arrived_at=state.arrived_at)


class _Flight:
    """A page for a canary in the outbox, and when it was delivered."""

    __slots__ = ("published_at", "sent_at")

    def __init__(self, published_at: datetime, sent_at: datetime | None) -> None:
        self.published_at = published_at
        self.sent_at = sent_at


def _landed(
    state: CanaryState, flying: Mapping[str, _Flight]
) -> tuple[CanaryState, tuple[str, ...]]:
    """The book after the deliveries that there were, and the pages that are done with."""
    landed = {name: flight for name, flight in flying.items() if flight.sent_at is not None}
    for flight in landed.values():
        if state.set_out_at is None or flight.published_at > state.set_out_at:
            state = replace(
                state, set_out_at=flight.published_at, arrived_at=flight.sent_at, stuck_at=None
            )
    return state, tuple(landed)


def _crawling(state: CanaryState, now: datetime) -> str | None:
    """Nothing is on its way: that is a trouble only when the last arrival is long ago."""
    return Station.CRAWL if state.health(now) is CanaryHealth.LATE else None


async def _flying(connection: AsyncConnection) -> dict[str, _Flight]:
    rows = await connection.execute(
        select(outbox.c.id, outbox.c.data, delivery.c.sent_at)
        .join(delivery, delivery.c.outbox_id == outbox.c.id, isouter=True)
        .where(outbox.c.type == EventType.SERVICE_CANARY.value)
    )
    return {
        row.id: _Flight(datetime.fromisoformat(row.data["published_at"]), row.sent_at)
        for row in rows
    }


async def _forget(connection: AsyncConnection, ids: tuple[str, ...]) -> None:
    deliveries = select(delivery.c.id).where(delivery.c.outbox_id.in_(ids))
    await connection.execute(
        delete(delivery_attempt).where(delivery_attempt.c.delivery_id.in_(deliveries))
    )
    await connection.execute(delete(delivery).where(delivery.c.outbox_id.in_(ids)))
    await connection.execute(delete(outbox).where(outbox.c.id.in_(ids)))
