"""What improvements win and lose for their departments, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.reviews import ledger, rows
from service.reviews.model import Improvement, Involved, Review, ReviewState
from service.reviews.points import NewPoints, PointReason


async def filed(
    connection: AsyncConnection,
    review: Review,
    place: Involved,
    item: Improvement,
    *,
    now: datetime,
) -> None:
    """The first proposal of a department, while its review is open, is on time or late."""
    if place.filed_at is not None or review.state is not ReviewState.OPEN:
        return
    await rows.mark(connection, review.id, place.department_id, filed_at=now)
    on_time = now <= review.due_at
    if not on_time and place.excused is not None:
        return
    points = NewPoints(
        key=f"proposal:{review.id}:{place.department_id}",
        department_id=place.department_id,
        reason=PointReason.ON_TIME_PROPOSAL if on_time else PointReason.LATE_PROPOSAL,
        by=item.proposed_by,
        incident_id=review.incident_id,
        review_id=review.id,
        improvement_id=item.id,
    )
    await ledger.add(connection, points, now=now)


async def verified(
    connection: AsyncConnection, item: Improvement, *, by: str, now: datetime
) -> None:
    """An improvement works."""
    won = NewPoints(
        key=f"verified:{item.id}",
        department_id=item.department_id,
        reason=PointReason.VERIFIED_IMPROVEMENT,
        by=by,
        incident_id=item.incident_id,
        review_id=item.review_id,
        improvement_id=item.id,
    )
    await ledger.add(connection, won, now=now)
