"""The risk register (风险登记册): what may happen, who owns it, what it costs, its reviews."""

from __future__ import annotations

from service.risks.desk import RiskDesk
from service.risks.document import report_document
from service.risks.formula import Formula, shipped_formula
from service.risks.model import Change, Link, LinkKind, Risk, RiskDraft, Stage
from service.risks.money import Money, Rate
from service.risks.quarter import Quarter, quarter_of
from service.risks.rates import RateBook
from service.risks.register import Entry, Register, RiskFilter, Sort
from service.risks.report import RiskReports
from service.risks.reviewing import Reviews

__all__ = [
    "Change",
    "Entry",
    "Formula",
    "Link",
    "LinkKind",
    "Money",
    "Quarter",
    "Rate",
    "RateBook",
    "Register",
    "Reviews",
    "Risk",
    "RiskDesk",
    "RiskDraft",
    "RiskFilter",
    "RiskReports",
    "Sort",
    "Stage",
    "quarter_of",
    "report_document",
    "shipped_formula",
]
