"""Examples for the OpenAPI document: causes, authors, what is to be expected, needs."""

from __future__ import annotations

_WEEK = {"since": "2026-02-23T06:14:00.000Z", "until": "2026-03-02T06:14:00.000Z"}
_LATE = {
    "cause": "late_delivery",
    "scenario": "service_aftersales",
    "name": {"zh": "送货太慢", "en": "Late delivery"},
}
CAUSES = {
    "monitor": "shanlan",
    **_WEEK,
    "version": "causes-0123456789ab",
    "posts": 200,
    "read": 200,
    "named": 61,
    "items": [{**_LATE, "posts": 24, "share": 0.12, "authors": 22, "complaints": 19}],
}
_HEAVY = {"cause": "late_delivery", "band": ">= 8", "n": 41, "expected": 15.2, "lift": 2.7}
CROSSED = {
    "monitor": "shanlan",
    "since": "2025-12-02T06:14:00.000Z",
    "until": "2026-03-02T06:14:00.000Z",
    "version": "causes-0123456789ab",
    "posts": 2600,
    "read": 2600,
    "tables": [
        {
            "factor": "rain.hangzhou",
            "unit": "mm",
            "reason": None,
            "bands": [{"label": ">= 8", "low": 8.0, "high": None, "hours": 360, "posts": 520}],
            "rows": [{**_HEAVY, "p_adjusted": 0.0015}],
        }
    ],
    "findings": [{**_HEAVY, "factor": "rain.hangzhou", "p_adjusted": 0.0015}],
}
_AUTHORS = {
    "window": _WEEK,
    "distinct": 150,
    "new": 90,
    "returning": 60,
    "verified": 6,
    "verified_share": 0.04,
    "posts": 196,
    "unknown_posts": 4,
    "posts_each": {
        "bands": {"1": 120, "2": 20, "3_to_5": 8, "6_to_10": 2, "11_up": 0},
        "median": 1.0,
        "p90": 2.0,
        "most": 7,
        "top_tenth_share": 0.28,
    },
    "followers": {"followers_below_1000": 110, "followers_1000_up": 30, "unknown": 10},
}
AUTHORS = {
    "monitor": "shanlan",
    **_WEEK,
    "now": _AUTHORS,
    "before": _AUTHORS,
    "changes": {"distinct": 0, "new": 0, "returning": 0, "verified": 0, "posts": 0},
    "posts": 200,
    "read": 200,
    "hours": [{"hour": 0, "posts": 3, "authors": 3}],
}
_RANGE = {"value": 31.0, "low_80": 22.0, "high_80": 43.0, "low_95": 18.0, "high_95": 52.0}
_TESTED = {"mase": 0.84, "inside_80": 0.81, "inside_95": 0.94}
OUTLOOK = {
    "monitor": "shanlan",
    "history_since": "2025-03-02",
    "history_days": 365,
    "tested_days": 90,
    "origins": 5,
    "served": "exponential_smoothing",
    "accuracy": {
        "exponential_smoothing": _TESTED,
        "seasonal_naive": {"mase": 1.12, "inside_80": 0.88, "inside_95": 0.98},
    },
    "load": {"share": 0.4, "minutes": 6, "shift_h": 24, "busy": 0.75, "profile": [0.0417] * 24},
    "reason": None,
    "days": [
        {
            "day": "2026-03-02",
            "posts": _RANGE,
            "shifts": [
                {
                    "starts_h": 0,
                    "people": {
                        "value": 1.0,
                        "low_80": 1.0,
                        "high_80": 1.0,
                        "low_95": 1.0,
                        "high_95": 1.0,
                    },
                }
            ],
        }
    ],
}
NEEDS = {
    "monitor": "shanlan",
    **_WEEK,
    "version": "causes-0123456789ab",
    "before": {"since": "2026-02-16T06:14:00.000Z", "until": "2026-02-23T06:14:00.000Z"},
    "reason": None,
    "posts": 80,
    "read": 80,
    "items": [
        {
            **_LATE,
            "kind": "complaint",
            "posts": 19,
            "authors": 18,
            "before": 8,
            "growth": 1.375,
            "quotes": [
                {
                    "post": "5f3c1f0e8d7a4b2c9e10",
                    "at": "2026-03-01T11:20:00.000Z",
                    "text": "外卖超时一个小时，酸奶都不冰了",
                    "href": "/v1/posts/5f3c1f0e8d7a4b2c9e10",
                }
            ],
        }
    ],
    "left_out": 7,
}
