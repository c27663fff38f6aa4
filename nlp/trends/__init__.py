"""Counts over time: windows, bursts, drops and silences."""

from nlp.trends.detector import BucketScore, BurstDetector, ScoreReason
from nlp.trends.discoveries import Dependence, discoveries
from nlp.trends.phase import Phase
from nlp.trends.windows import window_counts

__all__ = [
    "BucketScore",
    "BurstDetector",
    "Dependence",
    "Phase",
    "ScoreReason",
    "discoveries",
    "window_counts",
]
