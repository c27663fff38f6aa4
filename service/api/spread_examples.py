"""How far something spread, as the OpenAPI document shows it."""

from __future__ import annotations

_SPREADER = {
    "author": "au_0123456789abcdef0123",
    "post": "5f3c1f0e8d7a4b2c9e10",
    "level": 0,
    "children_posts": 31,
    "below_posts": 34,
    "followers": 830,
    "sentiment_below": {"negative_posts": 20, "judged_posts": 34, "negative_share": 0.5882},
}
_TREE = {
    "posts": 35,
    "depth_levels": 2,
    "breadth_posts": 31,
    "levels": [
        {
            "level": 0,
            "posts": 1,
            "negative_posts": 1,
            "judged_posts": 1,
            "negative_share": 1.0,
        }
    ],
    "edges_observed": 32,
    "edges_inferred": 2,
    "speed": {
        "posts_per_10_min_mean": 5.8,
        "posts_per_10_min_peak": 14,
        "posts_last_10_min": 9,
        "minutes_to_10_percent": 3.5,
        "minutes_to_50_percent": 21.0,
    },
    "reach": {"followers": 48210, "authors": 35, "authors_of_unknown_reach": 3},
    "spreaders": [_SPREADER],
    "predicted": {
        "final_posts": 410,
        "low_posts": 160,
        "high_posts": 1050,
        "interval_percent": 80,
        "seen_posts": 35,
        "window_minutes": 60.0,
        "version": "growth-1-3f0c9a1be2d4",
        "missing": None,
    },
}
_COPIES = {
    "group": "5f3c1f0e8d7a4b2c9e10",
    "posts": 35,
    "posts_read": 35,
    "distinct_texts": 4,
    "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
    "first_at": "2026-03-02T06:05:00.000Z",
    "last_at": "2026-03-02T07:06:00.000Z",
    "authors": 35,
    "coordination": {
        "score": 0.21,
        "judged_posts": 35,
        "parts": [{"sign": "timing", "value": 0.62, "weight": 0.25, "known": 35}],
    },
}
POST_SPREAD = {
    "post": "7d7a4b2c9e105f3c1f0e",
    "as_of": "2026-03-02T07:10:00.000Z",
    "root": {
        "post": "5f3c1f0e8d7a4b2c9e10",
        "stored": True,
        "author": "au_0123456789abcdef0123",
        "published_at": "2026-03-02T06:05:00.000Z",
        "followers": 830,
        "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
    },
    "complete": True,
    **_TREE,
    "nodes_total": 35,
    "nodes": [
        {
            "post": "7d7a4b2c9e105f3c1f0e",
            "stored": True,
            "level": 1,
            "children_posts": 3,
            "below_posts": 3,
            "author": "au_89abcdef012301234567",
            "published_at": "2026-03-02T06:08:00.000Z",
            "followers": 12,
            "sentiment": "negative",
        }
    ],
    "edges": [
        {
            "child": "7d7a4b2c9e105f3c1f0e",
            "parent": "5f3c1f0e8d7a4b2c9e10",
            "kind": "observed",
            "reason": "stated",
        }
    ],
    "copies": _COPIES,
}
INCIDENT_SPREAD = {
    "incident": "inc_0123456789abcdef0123",
    "as_of": "2026-03-02T07:10:00.000Z",
    "posts_total": 51,
    "posts_read": 51,
    "copy_groups": [_COPIES],
    "trees": [
        {
            "root": "5f3c1f0e8d7a4b2c9e10",
            "stored": True,
            "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
            **_TREE,
        }
    ],
}
