"""Who is told that a feed went dark, as the watch knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage.condition import Condition
from service.coverage.feed import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A feed that cannot be seen. `share` is its part of all posts of the last week, 0 to 1;
    `others_seen` says whether any other feed can be seen."""

    feed: Feed
    condition: Condition
    share: float
    others_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The incident about a feed, and the rank of its tier."""

    incident_id: str
    tier_rank: int


class Alarms(Protocol):
    """Opens and ends what people work on, in the caller's transaction. Safe to repeat."""

    async def lost(self, connection: AsyncConnection, loss: Loss, *, now: datetime) -> Alarm:
        """See to it that an incident tells of the feed; what darkens several shares one."""
        ...

    async def restored(
        self, connection: AsyncConnection, feed: Feed, condition: Condition, *, now: datetime
    ) -> Alarm | None:
        """The feed is seen again, or nobody wants to see it any more; `feed` is as it was before.

        Its incident ends unless it tells of other feeds that are dark.
        """
        ...
