"""Reviews of closed incidents (五问复盘): causes, improvements, departments, recurrences."""

from __future__ import annotations

from service.reviews.causes import CauseClass, load_cause_classes
from service.reviews.chapter import ReviewChapter
from service.reviews.clocks import Clocks
from service.reviews.departments import Department, DepartmentDraft, Departments
from service.reviews.desk import ReviewDesk, ReviewFile
from service.reviews.lifecycle import FORMULA, Lack
from service.reviews.model import (
    EvidenceKind,
    EvidenceLink,
    Form,
    Improvement,
    Involved,
    ItemDraft,
    ItemFilter,
    ItemKind,
    ItemSort,
    ItemState,
    Review,
    ReviewFilter,
    ReviewSort,
    ReviewState,
    Why,
)
from service.reviews.opening import ReviewReactions
from service.reviews.points import Balance, PointReason, PointRow, load_point_rules
from service.reviews.proposals import ImprovementDesk
from service.reviews.recurrences import RecurrenceReading
from service.reviews.redemption import PointDesk
from service.reviews.telling import Telling

__all__ = [
    "FORMULA",
    "Balance",
    "CauseClass",
    "Clocks",
    "Department",
    "DepartmentDraft",
    "Departments",
    "EvidenceKind",
    "EvidenceLink",
    "Form",
    "Improvement",
    "ImprovementDesk",
    "Involved",
    "ItemDraft",
    "ItemFilter",
    "ItemKind",
    "ItemSort",
    "ItemState",
    "Lack",
    "PointDesk",
    "PointReason",
    "PointRow",
    "RecurrenceReading",
    "Review",
    "ReviewChapter",
    "ReviewDesk",
    "ReviewFile",
    "ReviewFilter",
    "ReviewReactions",
    "ReviewSort",
    "ReviewState",
    "Telling",
    "Why",
    "load_cause_classes",
    "load_point_rules",
]
