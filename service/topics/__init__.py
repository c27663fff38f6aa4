"""Topics of stored posts: fits as versions, the active ones on new posts, the mood they carry."""

from __future__ import annotations

from service.topics.desk import TopicDesk
from service.topics.job import TopicFits
from service.topics.marks import TopicMarks
from service.topics.model import FitRequest, FitState, TopicVersion
from service.topics.mood import TopicMood, TopicReadings
from service.topics.running import FitRunner
from service.topics.watch import TopicWatch, alarm_of

__all__ = [
    "FitRequest",
    "FitRunner",
    "FitState",
    "TopicDesk",
    "TopicFits",
    "TopicMarks",
    "TopicMood",
    "TopicReadings",
    "TopicVersion",
    "TopicWatch",
    "alarm_of",
]
