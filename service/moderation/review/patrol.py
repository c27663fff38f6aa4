"""The patrol: a sample of what the machine has passed goes before people as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.metrics import patrol_violations
from service.moderation.case import Case
from service.moderation.quality import PatrolEstimate, is_chosen, patrol_alarm, patrol_estimate
from service.moderation.review import records
from service.moderation.review.intake import Intake, case_id
from service.moderation.review.model import Origin, ReviewItem
from service.moderation.review.trail import trace

WINDOW = timedelta(days=30)
"""The verdicts that the estimate is made of."""

Draw = Callable[[Case], bool]
"""Whether a text is of the sample."""

log = structlog.get_logger(__name__)


class PatrolIntake:
    """Takes passed texts as they come; only those that are drawn cost a write."""

    def __init__(self, *, intake: Intake, draw: Draw) -> None:
        self._intake = intake
        self._draw = draw

    async def offer(self, cases: Sequence[Case]) -> None:
        """File the drawn ones of texts that have passed."""
        drawn = [case for case in cases if self._draw(case)]
        await self._intake.file_as(drawn, origin=Origin.PATROL)


def keyed_draw(key: bytes, *, rate: float) -> Draw:
    """A draw of a share of texts that only the holder of the key can foretell.

    Raises ValueError, at the first text, for a rate outside [0, 1] or a short key.
    """

    def draw(case: Case) -> bool:
        return is_chosen(key, case_id(case), rate=rate)

    return draw


def show(estimate: PatrolEstimate) -> None:
    """Put an estimate into the metrics, for an alert outside."""
    for bound, value in (
        ("low", estimate.low),
        ("estimate", estimate.per_10k or 0.0),
        ("high", estimate.high),
    ):
        patrol_violations.labels(bound=bound).set(value)


class PatrolWatch:
    """Estimates anew with each verdict on a passed text, and says loudly when too much passes."""

    def __init__(self, *, observe: Callable[[PatrolEstimate], None] = show) -> None:
        """`observe` is told every estimate, calm or not."""
        self._observe = observe

    async def look(self, connection: AsyncConnection, item: ReviewItem, *, now: datetime) -> None:
        """Count the verdicts of the window; an alarm is audited with its figures and grounds."""
        audited, violations = await records.patrolled(connection, since=now - WINDOW)
        estimate = patrol_estimate(audited=audited, violations=violations)
        self._observe(estimate)
        reason = patrol_alarm(estimate)
        if not reason.is_alarm:
            return
        data = {
            "audited": audited,
            "violations": violations,
            "per_10k": estimate.per_10k,
            "low": estimate.low,
            "high": estimate.high,
            "reason": reason.name.lower(),
        }
        await trace(connection, item.id, "patrol_alarm", data, actor=audit.SYSTEM, now=now)
        log.error("review.patrol_alarm", **data)
