"""The short message by which a briefing goes out: headline figures and the link, never the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy.ext.asyncio import AsyncConnection

from service.briefings.model import Briefing
from service.briefings.views import briefing_item, headlines
from service.delivery import outbox
from service.events import EventType


async def tell(
    connection: AsyncConnection,
    item: Briefing,
    *,
    channels: Sequence[str],
    zone: tzinfo,
    public_url: str,
    now: datetime,
) -> None:
    """To those channels (ids), whatever they chose to hear of; once for each version."""
    shown = briefing_item(item, zone=zone)
    await outbox.enqueue(
        connection,
        type=EventType.BRIEFING_DELIVERED,
        occurred_at=now,
        incident_id=None,
        tier_rank=None,
        drill=False,
        data={
            "briefing": {
                "id": item.id,
                "name": shown["title"],
                "kind": item.kind,
                "language": item.language,
                "monitors": list(item.monitors),
                "from": item.window.since,
                "until": item.window.until,
                "url": f"{public_url.rstrip('/')}{shown['link']}",
                "figures": [
                    {"label": label, "text": text} for label, text in headlines(item, zone=zone)
                ],
            }
        },
        parts=[item.id, str(item.version)],
        only_channels=channels,
    )
