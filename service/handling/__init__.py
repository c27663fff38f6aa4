"""How crises were handled: times by tier, scenario and team, what recurred, what it cost."""

from __future__ import annotations

from service.handling.board import HandlingBoard, HandlingTable
from service.handling.course import Axis, Handled, Wanted
from service.handling.definition import DEFINITIONS, LEAST, Measure
from service.handling.ledger import CostDraft, CostLedger
from service.handling.pricing import Pricing, shipped_pricing

__all__ = [
    "DEFINITIONS",
    "LEAST",
    "Axis",
    "CostDraft",
    "CostLedger",
    "Handled",
    "HandlingBoard",
    "HandlingTable",
    "Measure",
    "Pricing",
    "Wanted",
    "shipped_pricing",
]
