"""Examples and hand-written schemas for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api.risk_examples import RISK
from service.posts.filters import FILTER_NAMES

POST = {
    "source": "weibo",
    "native_id": "4967000000000001",
    "published_at": "2026-03-02T14:05:00+08:00",
    "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
    "author": {"id": "1234567890", "name": "小满", "followers": 830},
    "engagement": {"reposts": 12, "comments": 40, "likes": 96},
    "channel": "social",
}
PUSHED = {"items": [{"id": "5f3c1f0e8d7a4b2c9e10", "change": "new"}]}
HOOKED = {**PUSHED, "rejected": [{"place": "row 2", "message": "text is missing"}]}
_POST_FOUND = {
    "id": "5f3c1f0e8d7a4b2c9e10",
    "source": "weibo",
    "published_at": "2026-03-02T06:05:00.000Z",
    "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
    "author": "au_0123456789abcdef0123",
    "monitors": ["shanlan"],
    "highlights": [[0, 4]],
}
FOUND = {"items": [_POST_FOUND], "next": None, "total": 1}
INCIDENT = {
    "id": "inc_0123456789abcdef0123",
    "kind": "crisis",
    "monitor": "shanlan",
    "scenario": "product_quality",
    "tier": "orange",
    "state": "new",
    "opened_at": "2026-03-02T06:14:00.000Z",
    "first_post_at": "2026-03-02T06:05:00.000Z",
    "next_due_at": "2026-03-02T06:29:00.000Z",
    "posts": 42,
    "actions": ["acknowledge", "mark_false_positive", "merge"],
    "version": 1,
}
VERIFICATION = {
    "incident": "inc_0123456789abcdef0123",
    "at": "2026-03-02T09:30:00.000Z",
    "intact": True,
    "items": [
        {
            "post": "5f3c1f0e8d7a4b2c9e10",
            "screenshot": False,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "computed": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "finding": "intact",
        }
    ],
}
SIMILAR = {
    "incident": "inc_0123456789abcdef0123",
    "weights": {"scenario": 0.3, "terms": 0.25, "causes": 0.2, "brand": 0.15, "tier": 0.1},
    "items": [
        {
            "incident": "inc_3210fedcba9876543210",
            "title": "山岚酸奶",
            "monitor": "shanlan",
            "scenario": "product_quality",
            "tier": "orange",
            "opened_at": "2025-11-08T02:20:00.000Z",
            "score": 0.7125,
            "parts": {"scenario": 1.0, "causes": 0.5, "terms": 0.25, "brand": 1.0, "tier": 1.0},
            "shared_terms": ["拉肚子"],
            "shared_causes": ["foreign_object"],
            "outcome": {
                "handling_s": 15120.0,
                "acknowledged_after_s": 240.0,
                "statements": [
                    {
                        "id": "stm_0123456789abcdef0123",
                        "kind": "holding",
                        "title": "关于近期反馈的说明",
                        "template": "product_quality/holding",
                        "published_at": "2025-11-08T03:05:00.000Z",
                    }
                ],
                "breached": [],
                "review": "批次抽检频次由每周一次改为每批一次",
            },
        }
    ],
}
CASEWORK = {
    "incident": "inc_0123456789abcdef0123",
    "assignee": "usr_0123456789abcdef0123",
    "handovers": [
        {
            "number": 3,
            "from": "usr_0123456789abcdef0123",
            "to": "usr_3210fedcba9876543210",
            "offered_by": "usr_0123456789abcdef0123",
            "note": "媒体下午三点来电，稿子在法务",
            "state": "offered",
            "offered_at": "2026-03-02T09:30:00.000Z",
            "answered_at": None,
            "answer": None,
        }
    ],
    "watchers": ["usr_3210fedcba9876543210"],
    "watching": None,
    "links": [
        {
            "kind": "recurrence_of",
            "incident": "inc_3210fedcba9876543210",
            "note": None,
            "by": "usr_0123456789abcdef0123",
            "at": "2026-03-02T09:31:00.000Z",
        }
    ],
}
EXPLANATION = {
    "incident": "inc_0123456789abcdef0123",
    "tier": "yellow",
    "tiers": [
        {
            "tier": "yellow",
            "at": "2026-03-02T06:14:00.000Z",
            "actor": "system",
            "reasons": [
                {
                    "clause": "negative_1h ≥ 20",
                    "value": 43,
                    "threshold": 20,
                    "rules": ["negative_burst_yellow"],
                    "content": "3f0c9a1be2d4",
                }
            ],
            "explanation": {
                "content": "3f0c9a1be2d4",
                "next": {
                    "tier": "orange",
                    "rules": [
                        {
                            "rule": "negative_burst_orange",
                            "reached": 0.5375,
                            "missing": [
                                {
                                    "clause": "negative_1h ≥ 80",
                                    "value": 43,
                                    "threshold": 80,
                                    "reached": 0.5375,
                                }
                            ],
                            "text": {
                                "zh": "会升为较大（orange）：negative_1h 达到 80（现 43）",
                                "en": "would become Major (orange): "
                                "negative_1h reaches 80 (now 43)",
                            },
                        }
                    ],
                },
                "risk": RISK,
                "baseline": {
                    "posts": {"seen": 51, "expected": 6.2, "score": 0.999, "hours": [5, 7, 6]},
                    "negative": {"seen": 43, "expected": 0.8, "score": 0.999, "hours": [1, 0, 1]},
                    "history_h": 336,
                },
                "first_post": {
                    "post": "5f3c1f0e8d7a4b2c9e10",
                    "at": "2026-03-02T06:05:00.000Z",
                    "snapshot": {
                        "source": "weibo",
                        "url": None,
                        "published_at": "2026-03-02T06:05:00.000Z",
                        "title": None,
                        "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
                        "author": "au_0123456789abcdef0123",
                        "followers": 830,
                        "verified": None,
                    },
                },
                "terms": [{"term": "拉肚子", "posts": 31, "background": 0}],
                "spreaders": [
                    {
                        "author": "au_0123456789abcdef0123",
                        "post": "5f3c1f0e8d7a4b2c9e10",
                        "below": 12,
                        "children": 12,
                        "posts": 1,
                        "followers": 830,
                        "verified": False,
                    }
                ],
                "origin": {
                    "group": "5f3c1f0e8d7a4b2c9e10",
                    "posts_1h": 13,
                    "post": "5f3c1f0e8d7a4b2c9e10",
                    "at": "2026-03-02T06:05:00.000Z",
                },
                "copies": {
                    "posts": 51,
                    "distinct": 22,
                    "groups": [
                        {
                            "group": "5f3c1f0e8d7a4b2c9e10",
                            "posts": 13,
                            "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
                        }
                    ],
                },
            },
        }
    ],
}

INDICATORS = {
    "monitor": "shanlan",
    "since": "2026-02-23T06:14:00.000Z",
    "until": "2026-03-02T06:14:00.000Z",
    "bucket": None,
    "items": [
        {
            "id": "negative_share",
            "name": {"zh": "负面占比", "en": "Negative share"},
            "unit": "share",
            "direction": "higher_is_worse",
            "value": 0.31,
            "n": 200,
            "reason": None,
            "parts": {"sentiment": {"negative": 62, "neutral": 110, "positive": 28}},
            "before": {
                "previous": {
                    "since": "2026-02-16T06:14:00.000Z",
                    "until": "2026-02-23T06:14:00.000Z",
                    "value": 0.11,
                    "n": 180,
                    "reason": None,
                    "parts": {"sentiment": {"negative": 20, "neutral": 120, "positive": 40}},
                    "change": 0.2,
                    "ratio": 1.818,
                }
            },
            "series": [],
            "links": [
                {
                    "part": "sentiment=negative",
                    "count": 62,
                    "href": "/v1/posts?monitor=shanlan&since=2026-02-23T06%3A14%3A00Z"
                    "&until=2026-03-02T06%3A14%3A00Z&sentiment=negative",
                }
            ],
            "level": None,
        }
    ],
}
TOPICS_ASKED = {
    "number": 3,
    "monitor": "shanlan",
    "state": "waiting",
    "active": False,
    "progress": {"stage": "waiting", "done": 0, "of": 1, "at": "2026-03-02T06:14:00.000Z"},
    "topics": None,
}

_POST_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["source", "native_id", "published_at", "text"],
    "properties": {
        "source": {"type": "string", "maxLength": 512},
        "native_id": {"type": "string", "maxLength": 512},
        "url": {"type": "string"},
        "published_at": {"type": "string", "format": "date-time"},
        "text": {"type": "string", "maxLength": 100_000},
        "title": {"type": "string", "maxLength": 2_000},
        "author": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "followers": {"type": "integer"},
                "verified": {"type": "boolean"},
            },
        },
        "engagement": {
            "type": "object",
            "properties": {
                name: {"type": "integer"} for name in ("reposts", "comments", "likes", "views")
            },
        },
        "parent_id": {"type": "string"},
        "repost_of": {"type": "string"},
        "rating": {"type": "number", "minimum": 1, "maximum": 5},
        "lang": {"type": "string"},
        "channel": {
            "enum": ["social", "in_app", "third_party", "news", "chat_group", "owned"],
        },
    },
}


def body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its JSON body itself."""
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def answer(example: Any, *, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """`responses` with an example of a good one."""
    return {
        status: {
            "description": "Done",
            "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
        }
    }


def parameters(*also: str) -> dict[str, Any]:
    """`openapi_extra` of a search: its filters by name, each a string."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
            for name in (*sorted(FILTER_NAMES), *also)
        ]
    }


_GONE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["source", "native_id", "deleted"],
    "properties": {
        "source": {"type": "string", "maxLength": 512},
        "native_id": {"type": "string", "maxLength": 512},
        "deleted": {"const": True},
    },
}
_PUSH_SCHEMA = {"anyOf": [_POST_SCHEMA, _GONE_SCHEMA]}

PUSH = body(
    {
        "oneOf": [
            _PUSH_SCHEMA,
            {
                "type": "object",
                "required": ["posts"],
                "properties": {"posts": {"type": "array", "maxItems": 1000, "items": _PUSH_SCHEMA}},
            },
        ]
    },
    {"posts": [POST]},
)

_ITEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "id": {"type": "string"},
        "text": {"type": "string", "maxLength": 100_000},
        "parent": {"type": "string"},
        "author": {"type": "string"},
        "kind": {"enum": ["post", "advertisement"], "default": "post"},
        "policy": {"type": "string"},
        "components": {"type": "array", "items": {"type": "string"}},
        "offsets": {"enum": ["codepoints", "utf16"], "default": "codepoints"},
    },
}
CLASSIFY = body(
    {
        "oneOf": [
            _ITEM_SCHEMA,
            {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": {"type": "array", "maxItems": 100, "items": _ITEM_SCHEMA},
                    **{
                        name: _ITEM_SCHEMA["properties"][name]
                        for name in ("policy", "components", "offsets")
                    },
                },
            },
        ]
    },
    {"items": [{"id": "1", "text": "加微信 abc123 领红包"}]},
)
CLASSIFIED = {
    "items": [
        {
            "id": "1",
            "suggestion": "review",
            "held": False,
            "risk_level": "medium",
            "labels": [{"label": "diversion", "score": 0.6, "source": "lexicon"}],
            "hold": None,
            "hits": [
                {
                    "term": "加微信",
                    "category": "diversion",
                    "severity": 3,
                    "start": 0,
                    "end": 3,
                    "surface": "加微信",
                    "evasion": None,
                    "suppressed_by": None,
                }
            ],
            "language": "zh",
            "reasons": [],
            "account": None,
            "degraded": [],
        }
    ]
}

_COLUMNS = "微博id,发布时间,正文,转发数\n4967000000000001,2026-03-02 14:05,山岚酸奶喝完拉肚子,12\n"
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": _COLUMNS},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""`openapi_extra` of a route whose body is a file."""
PREVIEWED = {
    "format": "csv",
    "dialect": "utf-8, comma",
    "sheets": [],
    "columns": ["微博id", "发布时间", "正文", "转发数"],
    "mapping": {
        "native_id": "微博id",
        "published_at": "发布时间",
        "text": "正文",
        "engagement.reposts": "转发数",
    },
    "missing": ["source"],
    "unused": [],
    "rows": [],
}
IMPORTED = {
    "id": "imp_0123456789abcdef0123",
    "file": "posts.csv",
    "state": "running",
    "posts": 1840,
    "done": 0,
    "rejected": 1,
    "changes": {},
    "problems": [{"place": "posts.csv:7:2", "message": "发布时间: '昨天' is no time"}],
    "reason": None,
    "created_by": "key_0123456789abcdef0123",
    "created_at": "2026-03-02T06:14:00.000Z",
    "finished_at": None,
}
_STORY = {
    "id": "sto_0123456789abcdef0123",
    "phase": "open",
    "headline": {"post": "5f3c1f0e8d7a4b2c9e10", "text": "山岚酸奶喝完拉肚子"},
    "terms": ["拉肚子", "酸奶"],
    "posts": 412,
    "texts": 167,
    "pace": 38.5,
    "first_at": "2026-03-02T06:05:00.000Z",
    "last_at": "2026-03-02T09:41:00.000Z",
    "sources": {"weibo": 380, "xiaohongshu": 32},
    "sentiments": {"negative": 301, "neutral": 111},
    "monitors": {"shanlan": 412},
    "origin": None,
    "space": "encoder-2/512",
}
STORIES = {"items": [_STORY], "next": None}
STORY = {
    **_STORY,
    "asked": "sto_0123456789abcdef0123",
    "first_post": _POST_FOUND,
    "representatives": [_POST_FOUND],
    "growth": {
        "width_s": 300.0,
        "points": [{"start": "2026-03-02T06:05:00.000Z", "posts": 3}],
    },
    "parts": [],
}
SERIES_WRITTEN = {
    "name": "orders.shanghai",
    "unit": "单",
    "new": 24,
    "changed": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
}
