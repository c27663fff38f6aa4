"""Counts over time: windows and bursts."""

from nlp.trends.burst import BurstScore, burst_score
from nlp.trends.windows import window_counts

__all__ = ["BurstScore", "burst_score", "window_counts"]
