"""What forgets: old posts, authors who asked for it, rows that nobody needs."""

from __future__ import annotations

from datetime import timedelta

from service.bootstrap.access import Access
from service.bootstrap.ground import Ground
from service.complaints import ComplaintForgetting
from service.jobs import Job
from service.learning.forgetting import CorrectionForgetting
from service.retention import AllOldTraces, AllTraces, ErasureJob, PostRetention, Pruning
from service.stories import StoryForgetting


def forgetting_of(
    ground: Ground, access: Access, stories: StoryForgetting, complaints: ComplaintForgetting
) -> tuple[Job, ...]:
    """For real time only: a replay keeps what it has read."""
    settings, owner = ground.settings, ground.settings.worker_id
    corrections = CorrectionForgetting(ground.database, store=ground.store)
    kept = timedelta(days=settings.retention_days) if settings.retention_days else None
    return (
        PostRetention(
            ground.database,
            clock=ground.clock,
            store=ground.store,
            owner=owner,
            kept=kept,
            traces=AllOldTraces(stories, complaints, corrections),
        ),
        ErasureJob(
            ground.database,
            clock=ground.clock,
            store=ground.store,
            handles=access.handles,
            owner=owner,
            traces=AllTraces(stories, complaints, corrections),
        ),
        Pruning(
            ground.database,
            clock=ground.clock,
            sessions=access.sessions,
            owner=owner,
            deliveries_kept=timedelta(days=settings.deliveries_days),
        ),
    )
