"""Counts over time: windows and bursts."""

from nlp.trends.burst import BurstScore, alarm_count, burst_score
from nlp.trends.windows import window_counts

__all__ = ["BurstScore", "alarm_count", "burst_score", "window_counts"]
