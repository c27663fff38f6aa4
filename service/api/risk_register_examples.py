"""Examples for the OpenAPI document: the risk register."""

from __future__ import annotations

from typing import Any

RISK_ENTRY: dict[str, Any] = {
    "id": "rsk_0123456789abcdef0123",
    "title": "配料表与宣传不符",
    "description": "外包装写零添加",
    "legal": 4,
    "user": 3,
    "technical": 2,
    "likelihood": 3,
    "loss": {"amount": "100000.00", "currency": "CNY"},
    "control_cost": {"amount": "12000", "currency": "CNY"},
    "compliance_cost": {"amount": "3000.50", "currency": "CNY"},
    "owner": {"id": "usr_0123456789abcdef0123", "name": "lin", "left": False},
    "monitor": "shanlan",
    "scenario": "product_quality",
    "review_months": 3,
    "stage": "plan",
    "cycle": 1,
    "retired": False,
    "score": {
        "value": 9.45,
        "band": "medium",
        "working": "(4 × 0.4 + 3 × 0.35 + 2 × 0.25) × 3 = 9.45",
        "parts": [
            {"name": "legal", "coefficient": 4, "weight": 0.4, "points": 1.6},
            {"name": "user", "coefficient": 3, "weight": 0.35, "points": 1.05},
            {"name": "technical", "coefficient": 2, "weight": 0.25, "points": 0.5},
        ],
        "likelihood": 3,
        "chance": 0.3,
    },
    "reporting": {
        "currency": "CNY",
        "loss": "100000.00",
        "control_cost": "12000.00",
        "compliance_cost": "3000.50",
        "expected_loss": "30000.00",
        "cost": "15000.50",
        "balance": "14999.50",
        "rates": {},
    },
    "review": {
        "due_at": "2026-06-02T02:00:00.000Z",
        "overdue": False,
        "overdue_since": None,
        "missed": 0,
    },
    "links": [
        {
            "kind": "incident",
            "id": "inc_0123456789abcdef0123",
            "title": "山岚酸奶：产品质量",
            "state": "closed",
            "by": "usr_0123456789abcdef0123",
            "at": "2026-03-02T06:14:00.000Z",
        }
    ],
    "created_by": "usr_0123456789abcdef0123",
    "created_at": "2026-03-02T06:14:00.000Z",
    "updated_at": "2026-03-02T06:14:00.000Z",
    "version": 1,
}
