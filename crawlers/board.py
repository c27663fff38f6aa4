"""A board: a list whose order says nothing of time, such as what is hot; what on it is new?

It has no pages and no end to walk to: each pull reads all of it and brings what was not there, or
not with these words, when it was read before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.source import Cursor, FetchResult, Ok, OkEmpty
from crawlers.walk import ListPage

MAX_SEEN = 2_000
"""How many entries a cursor remembers: a hot list of fifty changes some hundred times a day."""


def take_board(page: ListPage, cursor: Cursor | None) -> FetchResult:
    """The outcome of a board: its posts that are new or edited since `cursor`, and the cursor."""
    known = (cursor or {}).get("seen")
    seen: Mapping[str, Any] = known if isinstance(known, Mapping) else {}
    current = {post.id[:16]: post.content_hash[:8] for post in page.posts}
    fresh = [p for p in page.posts if seen.get(p.id[:16]) != p.content_hash[:8]]
    rest = {key: words for key, words in seen.items() if key not in current}
    moved = {"seen": dict(list({**current, **rest}.items())[:MAX_SEEN])}
    if not fresh and not page.told:
        return OkEmpty(cursor=moved)
    fresh.sort(key=lambda post: post.published_at)
    return Ok(posts=tuple(fresh), cursor=moved, rejected=page.told, misread=page.is_misread)
