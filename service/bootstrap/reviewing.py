"""What follows a closed incident: reviews, improvements, departments and their points."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.books import Books
from service.bootstrap.ground import Ground
from service.bootstrap.responding import Responding
from service.reviews import (
    Departments,
    ImprovementDesk,
    PointDesk,
    RecurrenceReading,
    ReviewDesk,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """The doors for people."""

    departments: Departments
    desk: ReviewDesk
    improvements: ImprovementDesk
    points: PointDesk
    recurrences: RecurrenceReading


def open_reviewing(ground: Ground, books: Books, responding: Responding) -> Reviewing:
    """Over the same timers and messages with which incidents begin and end reviews."""
    database, clock = ground.database, ground.clock
    clocks, telling = responding.review_clocks, responding.review_telling
    return Reviewing(
        departments=books.departments,
        desk=ReviewDesk(
            database=database,
            clock=clock,
            clocks=clocks,
            telling=telling,
            response_desk=responding.response_desk,
        ),
        improvements=ImprovementDesk(
            database=database, clock=clock, clocks=clocks, telling=telling
        ),
        points=PointDesk(database=database, clock=clock),
        recurrences=RecurrenceReading(database=database, clock=clock),
    )
