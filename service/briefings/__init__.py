"""Briefings (简报): daily, weekly, special; what stands behind each number and quote is linked."""

from __future__ import annotations

from service.briefings.content import Body, Measure, Prose, Section, SectionId
from service.briefings.desk import BriefingDesk, BriefingFile
from service.briefings.document import document
from service.briefings.figure import Cited, Figure, Quote, Unit
from service.briefings.gathering import Desks
from service.briefings.hand import in_sight
from service.briefings.lifecycle import Deed, State
from service.briefings.model import Briefing, BriefingFilter, Language, Scope
from service.briefings.period import Kind
from service.briefings.preparing import Preparation
from service.briefings.schedule import SCHEDULES, Schedule, ScheduleDraft
from service.briefings.schedules import BriefingPreparation, BriefingSchedules, next_due
from service.briefings.views import briefing_item, briefing_view

__all__ = [
    "SCHEDULES",
    "Body",
    "Briefing",
    "BriefingDesk",
    "BriefingFile",
    "BriefingFilter",
    "BriefingPreparation",
    "BriefingSchedules",
    "Cited",
    "Deed",
    "Desks",
    "Figure",
    "Kind",
    "Language",
    "Measure",
    "Preparation",
    "Prose",
    "Quote",
    "Schedule",
    "ScheduleDraft",
    "Scope",
    "Section",
    "SectionId",
    "State",
    "Unit",
    "briefing_item",
    "briefing_view",
    "document",
    "in_sight",
    "next_due",
]
