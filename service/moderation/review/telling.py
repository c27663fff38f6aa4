"""The callback: callers hear of a verdict through the outbox, in the transaction that makes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import outbox
from service.events import EventType
from service.moderation.review.callback import callback
from service.moderation.review.lifecycle import Standing
from service.moderation.review.model import HumanVerdict, ReviewItem
from service.moderation.review.rubric import Rubric


class Telling:
    """Writes `review.decided`. A message is one (item, line), and one more for each asking."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric

    async def tell(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        standing: Standing,
        verdict: HumanVerdict,
        *,
        asked_at: datetime | None = None,
    ) -> None:
        """Tell of a verdict; `asked_at` tells of an old one again, to whoever asked then."""
        asked = [] if asked_at is None else [asked_at.isoformat()]
        await outbox.enqueue(
            connection,
            type=EventType.REVIEW_DECIDED,
            occurred_at=asked_at or verdict.at,
            incident_id=None,
            tier_rank=None,
            drill=False,
            data=callback(item, standing, verdict, self._rubric),
            parts=[item.id, verdict.line.value, *asked],
        )
