"""Coverage: how well each feed is seen, so that a dead source is never taken for calm."""

from __future__ import annotations

from service.coverage.alarm import Alarm, Alarms, Loss
from service.coverage.condition import ALARMING, BLIND, Cause, Condition, Schedule, Sight
from service.coverage.feed import CANARY, Feed, Gap, Passage, feed_of
from service.coverage.inspection import CoverageInspection
from service.coverage.journal import FeedJournal
from service.coverage.overview import Coverage, FeedHistory
from service.coverage.watch import CoverageWatch, Schedules

__all__ = [
    "ALARMING",
    "BLIND",
    "CANARY",
    "Alarm",
    "Alarms",
    "Cause",
    "Condition",
    "Coverage",
    "CoverageInspection",
    "CoverageWatch",
    "Feed",
    "FeedHistory",
    "FeedJournal",
    "Gap",
    "Loss",
    "Passage",
    "Schedule",
    "Schedules",
    "Sight",
    "feed_of",
]
