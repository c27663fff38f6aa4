"""What the outside is told of a feed: that it was lost, and that it is seen again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage.alarm import Alarm
from service.coverage.condition import Condition
from service.coverage.feed import Feed
from service.delivery import outbox
from service.delivery.render import instant_text
from service.events import EventType


async def tell(
    connection: AsyncConnection,
    event: EventType,
    feed: Feed,
    condition: Condition,
    alarm: Alarm | None,
    *,
    now: datetime,
) -> None:
    """Tell the outside. Of a restored feed `since` is the beginning of what was not seen."""
    data: dict[str, Any] = {
        "feed": {
            "id": feed.id,
            "name": feed.name,
            "platforms": list(feed.platforms),
            "channels": list(feed.channels),
            "state": condition.sight.value,
            "reason": condition.cause.value,
            "detail": condition.detail,
            "since": condition.since,
            "until": None if condition.dark else now,
        }
    }
    if alarm is not None:
        data["incident"] = {"id": alarm.incident_id}
    await outbox.enqueue(
        connection,
        type=event,
        occurred_at=now,
        incident_id=None if alarm is None else alarm.incident_id,
        tier_rank=None if alarm is None else alarm.tier_rank,
        drill=False,
        data=data,
        parts=[feed.id, instant_text(now)],
    )
