"""Examples for the OpenAPI document: the risk score."""

from __future__ import annotations

RISK = {
    "score": 8.5,
    "parts": [
        {
            "id": "mood",
            "name": {"zh": "情绪", "en": "Mood"},
            "weight": 10.0,
            "points": 8.5,
            "fact": "negative_share_1h",
            "value": 0.81,
        }
    ],
}
MONITOR_RISK = {
    "monitor": "shanlan",
    "at": "2026-03-02T06:14:00.000Z",
    "score": 8.5,
    "segments": [{"scenario": "safety_incident", **RISK}],
}
