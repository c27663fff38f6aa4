"""From stored posts to incidents: facts, matches, decisions, acts."""

from __future__ import annotations

from service.monitoring.actions import Actions, Gathering
from service.monitoring.baseline import Baselines
from service.monitoring.explaining import Explaining
from service.monitoring.planning import Planner
from service.monitoring.risk import RiskReading
from service.monitoring.shadow import ShadowBook
from service.monitoring.situation import Situations
from service.monitoring.tick import MonitoringTick

__all__ = [
    "Actions",
    "Baselines",
    "Explaining",
    "Gathering",
    "MonitoringTick",
    "Planner",
    "RiskReading",
    "ShadowBook",
    "Situations",
]
