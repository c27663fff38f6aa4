"""Briefings over everything that others read."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.books import Books
from service.bootstrap.catalogue import Catalogue
from service.bootstrap.complaining import Complaining
from service.bootstrap.ground import Ground
from service.bootstrap.indicators import Indicators
from service.bootstrap.responding import Responding
from service.bootstrap.ruling import Ruling
from service.bootstrap.seeing import Seeing
from service.bootstrap.stating import Stating
from service.bootstrap.stories import StoryParts
from service.briefings import (
    BriefingDesk,
    BriefingPreparation,
    BriefingSchedules,
    Desks,
    Preparation,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefings:
    """The doors for people; `job` prepares what is due: real time only."""

    desk: BriefingDesk
    preparation: Preparation
    schedules: BriefingSchedules
    job: BriefingPreparation


def open_briefings(
    ground: Ground,
    *,
    books: Books,
    catalogue: Catalogue,
    ruling: Ruling,
    responding: Responding,
    seeing: Seeing,
    indicators: Indicators,
    stories: StoryParts,
    stating: Stating,
    complaining: Complaining,
) -> Briefings:
    """Over the desks of the others; nothing is counted twice."""
    database, clock, settings = ground.database, ground.clock, ground.settings
    desks = Desks(
        database=database,
        store=ground.store,
        library=lambda: ruling.directory.library,
        zone=settings.zone,
        incidents=responding.desk,
        board=indicators.board,
        outlooks=indicators.outlooks,
        stories=stories.book,
        coverage=seeing.coverage,
        complaints=complaining.report,
        promises=stating.promises,
    )
    preparation = Preparation(
        desks, monitors=catalogue.monitors, brands=catalogue.brands, clock=clock
    )
    desk = BriefingDesk(
        database,
        clock,
        preparation=preparation,
        store=ground.store,
        zone=settings.zone,
        public_url=settings.public_url,
    )
    schedules = books.briefing_schedules
    return Briefings(
        desk=desk,
        preparation=preparation,
        schedules=schedules,
        job=BriefingPreparation(
            database,
            clock,
            schedules=schedules,
            preparation=preparation,
            desk=desk,
            owner=settings.worker_id,
        ),
    )
