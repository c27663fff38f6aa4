"""Causes of a monitor's posts: how often, and when more than chance would have it."""

from __future__ import annotations

from service.indicators.causes.bands import Per
from service.indicators.causes.counts import CauseCount, Causes, Counted
from service.indicators.causes.crossed import Crossed, CrossTables, Daily

__all__ = ["CauseCount", "Causes", "Counted", "CrossTables", "Crossed", "Daily", "Per"]
