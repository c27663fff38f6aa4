"""Counts over time: windows, bursts, drops and silences."""

from nlp.trends.burst import BurstScore, alarm_count, burst_score
from nlp.trends.detector import BucketScore, BurstDetector, ScoreReason
from nlp.trends.discoveries import Dependence, discoveries
from nlp.trends.phase import Phase
from nlp.trends.windows import window_counts

__all__ = [
    "BucketScore",
    "BurstDetector",
    "BurstScore",
    "Dependence",
    "Phase",
    "ScoreReason",
    "alarm_count",
    "burst_score",
    "discoveries",
    "window_counts",
]
