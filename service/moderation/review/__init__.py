"""The second and third line: people decide what the machine leaves to them, and are heard of."""

from __future__ import annotations

from service.moderation.review.ages import Limits
from service.moderation.review.appeals import Appeals
from service.moderation.review.consequences import AuthorVerdicts, HoldVerdicts
from service.moderation.review.desk import ReviewDesk
from service.moderation.review.entry import Entry
from service.moderation.review.export import Format, ReviewExport
from service.moderation.review.intake import Intake
from service.moderation.review.lifecycle import Line, Ruling, State
from service.moderation.review.model import ItemFilter, Origin, ReviewFile, ReviewItem, Sort
from service.moderation.review.office import ReviewOffice, limits_of, open_office
from service.moderation.review.opinions import Opinions
from service.moderation.review.overdue import AgeWatch
from service.moderation.review.patrol import PatrolIntake, keyed_draw
from service.moderation.review.reactions import (
    AuthorRecord,
    BacklogAlarm,
    Consequences,
    HoldDecisions,
)
from service.moderation.review.report import Quality, ReviewReport, Worker
from service.moderation.review.rubric import Code, Rubric, load_rubric
from service.moderation.review.stream import ReviewStream, mine
from service.moderation.review.surroundings import AroundItems, Surroundings
from service.moderation.review.verdicts import VerdictDraft, Verdicts

__all__ = [
    "AgeWatch",
    "Appeals",
    "AroundItems",
    "AuthorRecord",
    "AuthorVerdicts",
    "BacklogAlarm",
    "Code",
    "Consequences",
    "Entry",
    "Format",
    "HoldDecisions",
    "HoldVerdicts",
    "Intake",
    "ItemFilter",
    "Limits",
    "Line",
    "Opinions",
    "Origin",
    "PatrolIntake",
    "Quality",
    "ReviewDesk",
    "ReviewExport",
    "ReviewFile",
    "ReviewItem",
    "ReviewOffice",
    "ReviewReport",
    "ReviewStream",
    "Rubric",
    "Ruling",
    "Sort",
    "State",
    "Surroundings",
    "VerdictDraft",
    "Verdicts",
    "Worker",
    "keyed_draw",
    "limits_of",
    "load_rubric",
    "mine",
    "open_office",
]
