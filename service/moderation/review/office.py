"""The whole of review, put together: what the API, the classifier and the timers reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from service.clock import Clock
from service.db import Database
from service.moderation.review.ages import Limits
from service.moderation.review.appeals import Appeals
from service.moderation.review.desk import ReviewDesk
from service.moderation.review.entry import Entry
from service.moderation.review.export import ReviewExport
from service.moderation.review.intake import Intake
from service.moderation.review.opinions import Opinions
from service.moderation.review.originals import Originals
from service.moderation.review.overdue import AgeWatch
from service.moderation.review.patrol import Draw, PatrolIntake, PatrolWatch
from service.moderation.review.reactions import BacklogAlarm, Consequences
from service.moderation.review.report import ReviewReport
from service.moderation.review.rubric import load_rubric
from service.moderation.review.stream import ReviewStream
from service.moderation.review.surroundings import AroundItems
from service.moderation.review.telling import Telling
from service.moderation.review.verdicts import Verdicts
from service.settings import Settings
from service.timers import Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOffice:
    """The machine feeds `intake` and `patrol`, the timer engine `watch`; the rest is for people."""

    intake: Intake
    patrol: PatrolIntake
    desk: ReviewDesk
    stream: ReviewStream
    around: AroundItems
    appeals: Appeals
    originals: Originals
    export: ReviewExport
    report: ReviewReport
    watch: AgeWatch


def open_office(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    timers: Timers,
    consequences: Consequences,
    alarm: BacklogAlarm | None,
    draw: Draw,
    random: Callable[[], float],
) -> ReviewOffice:
    """Review as the settings want it; `random` answers in [0, 1) and draws second opinions."""
    rubric = load_rubric()
    entry = Entry(timers=timers, limits=limits_of(settings))
    opinions = Opinions(entry=entry, share=settings.review_opinion_share, random=random)
    telling = Telling(rubric)
    intake = Intake(
        database=database, clock=clock, entry=entry, consequences=consequences, telling=telling
    )
    desk = ReviewDesk(
        database=database,
        clock=clock,
        entry=entry,
        verdicts=Verdicts(
            entry=entry,
            opinions=opinions,
            consequences=consequences,
            telling=telling,
            patrol=PatrolWatch(),
        ),
        rubric=rubric,
        lease=timedelta(minutes=settings.review_lease_min),
    )
    return ReviewOffice(
        intake=intake,
        patrol=PatrolIntake(intake=intake, draw=draw),
        desk=desk,
        stream=ReviewStream(desk),
        around=AroundItems(database=database, desk=desk),
        appeals=Appeals(database=database, clock=clock, entry=entry, intake=intake),
        originals=Originals(database=database, clock=clock),
        export=ReviewExport(database=database, clock=clock),
        report=ReviewReport(database=database, clock=clock),
        watch=AgeWatch(opinions=opinions, alarm=alarm, most_overdue=settings.review_overdue_most),
    )


def limits_of(settings: Settings) -> Limits:
    """The longest waits; a second opinion has as long as the panel."""
    return Limits(
        second=timedelta(hours=settings.review_second_h),
        third=timedelta(hours=settings.review_third_h),
        legal=timedelta(hours=settings.review_legal_h),
        appeal=timedelta(hours=settings.review_appeal_h),
        opinion=timedelta(hours=settings.review_third_h),
    )
