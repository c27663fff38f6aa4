"""Indicators: figures of posts and responses over time, their thresholds, why they changed."""

from __future__ import annotations

from service.indicators.authors import AuthorBook, AuthorReport
from service.indicators.board import Comparison, IndicatorBoard, Reading
from service.indicators.changes import MOST_MONITORS, AuthorsBy, Changes, Explained, Measure
from service.indicators.definition import Definition, IndicatorId, Levels, Measured
from service.indicators.definitions import DEFINITIONS
from service.indicators.desk import ThresholdDesk, Watched
from service.indicators.funnel import Funnel, Funnels
from service.indicators.needs import Need, Needs, NeedsReport
from service.indicators.repository import Crossing
from service.indicators.rhythm import Rhythm, Rhythms
from service.indicators.surroundings import ActiveTopics, Surroundings
from service.indicators.threshold import Threshold, default_threshold
from service.indicators.voice import BrandVoice, VoiceBook, Voices
from service.indicators.watch import IndicatorWatch
from service.indicators.window import Bucket, Earlier, Window, checked_window, earlier

__all__ = [
    "DEFINITIONS",
    "MOST_MONITORS",
    "ActiveTopics",
    "AuthorBook",
    "AuthorReport",
    "AuthorsBy",
    "BrandVoice",
    "Bucket",
    "Changes",
    "Comparison",
    "Crossing",
    "Definition",
    "Earlier",
    "Explained",
    "Funnel",
    "Funnels",
    "IndicatorBoard",
    "IndicatorId",
    "IndicatorWatch",
    "Levels",
    "Measure",
    "Measured",
    "Need",
    "Needs",
    "NeedsReport",
    "Reading",
    "Rhythm",
    "Rhythms",
    "Surroundings",
    "Threshold",
    "ThresholdDesk",
    "VoiceBook",
    "Voices",
    "Watched",
    "Window",
    "checked_window",
    "default_threshold",
    "earlier",
]
