"""Examples and hand-written schemas for the OpenAPI document."""

from __future__ import annotations

from typing import Any

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
FOUND = {
    "items": [
        {
            "id": "5f3c1f0e8d7a4b2c9e10",
            "source": "weibo",
            "published_at": "2026-03-02T06:05:00.000Z",
            "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
            "author": "au_0123456789abcdef0123",
            "monitors": ["shanlan"],
            "highlights": [[0, 4]],
        }
    ],
    "next": None,
    "total": 1,
}
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


PUSH = body(
    {
        "oneOf": [
            _POST_SCHEMA,
            {
                "type": "object",
                "required": ["posts"],
                "properties": {"posts": {"type": "array", "maxItems": 1000, "items": _POST_SCHEMA}},
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
SERIES_WRITTEN = {
    "name": "orders.shanghai",
    "unit": "单",
    "new": 24,
    "changed": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
}
