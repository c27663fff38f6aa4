"""Examples of the measures of handling."""

from __future__ import annotations

_SPREAD = {
    "n": 12,
    "waiting": 1,
    "median_s": 12600.0,
    "p90_s": 21600.0,
    "reason": None,
    "target_s": 15120.0,
    "within": {"part": 9, "n": 12, "share": 0.75, "reason": None, "target": None},
}
_ROW = {
    "crises": 13,
    "measures": {"handling": _SPREAD},
    "breach_rate": {"part": 18, "n": 240, "share": 0.075, "reason": None, "target": None},
    "recurrence": {"part": 1, "n": 13, "share": 0.0769, "reason": None, "target": 0.08},
    "cost": {"amount": "48210.00", "currency": "CNY", "n": 13, "partial": 0, "left_out": []},
}
TABLE = {
    "since": "2026-01-01T00:00:00.000Z",
    "until": "2026-04-01T00:00:00.000Z",
    "monitor": "shanlan",
    "scenario": None,
    "tier": None,
    "by": ["tier"],
    "least": 5,
    "total": _ROW,
    "items": [{"tier": "yellow", **_ROW}],
    "complaints": {
        "opened": 210,
        "waiting": 4,
        "overdue": 1,
        "answered_in_time": {
            "answer": {
                "part": 199,
                "n": 209,
                "share": 0.9522,
                "reason": None,
                "target": None,
                "median_s": 420.0,
                "p90_s": 810.0,
            }
        },
        "csat": {"mean": 4.3, "n": 96, "reason": None},
        "nps": {"score": 21.5, "n": 93, "reason": None},
    },
}
COST = {
    "incident": "inc_0123456789abcdef0123",
    "formula": "cost = Σ over roles (hours × hourly rate) + compensation promised + loss",
    "amount": "7243.40",
    "currency": "CNY",
    "working": "duty: 1 h × 120 CNY + loss: 1000 USD × 7.1234 = 7243.40 CNY",
    "whole": True,
    "lines": [
        {
            "kind": "hours",
            "of": "duty",
            "hours": "1",
            "hourly": "120",
            "estimated": False,
            "given": {"amount": "120", "currency": "CNY"},
            "amount": "120.00",
            "rate": None,
        }
    ],
    "left_out": [],
    "unpriced": [],
    "entries": [],
}
