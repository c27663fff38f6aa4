"""Builder of stored posts for tests."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from nlp.text.search_tokens import search_tokens
from service.stores.post_store import StoredPost

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def stored_post(number: int = 1, text: str = "青柚茶很好喝", **changes: Any) -> StoredPost:
    """Post `number`, published that many minutes after NOON, with what analysis would have set."""
    published_at = NOON + timedelta(minutes=number)
    post = StoredPost(
        id=f"p{number:023d}",
        source="weibo",
        native_id=str(number),
        via="push",
        channel="social",
        published_at=published_at,
        fetched_at=published_at + timedelta(seconds=30),
        stored_at=published_at + timedelta(seconds=31),
        text=text,
        content_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        monitors=("tea",),
        sentiment="neutral",
        copy_group=f"group{number}",
        search_tokens=search_tokens(text.lower()),
        words=tuple(text.lower().split()),
    )
    return replace(post, **changes)
