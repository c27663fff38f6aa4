"""Posts pushed by others: read each on its own, store the good ones together, answer in order."""

from __future__ import annotations

from typing import Any

from crawlers import BadPost, Post, parse_post
from service.errors import InvalidInput
from service.ingest import Ingest
from service.stores import PostChange

MOST_POSTS = 1_000
VIA = "push"
"""The configured source that a pushed post counts as brought by."""


async def push_one(ingest: Ingest, data: Any) -> dict[str, Any]:
    """Store one post; `id` and what it changed. Raises InvalidInput with every mistake."""
    try:
        post = parse_post(data)
    except BadPost as error:
        raise InvalidInput(f"this is no post: {error}", errors=error.errors) from error
    report = await ingest.ingest([post], via=VIA)
    return _stored(post, report.changes[post.id])


async def push_many(ingest: Ingest, items: list[Any]) -> list[dict[str, Any]]:
    """Store what can be read; one outcome an item, in order, mistakes by their path in the body.

    Raises InvalidInput for more than 1,000 items, none, or none that can be read.
    """
    if not 0 < len(items) <= MOST_POSTS:
        problem = f"give 1 to {MOST_POSTS} posts, not {len(items)}"
        raise InvalidInput(problem, errors=[("posts", problem)])
    read = [_read(item, index) for index, item in enumerate(items)]
    posts = [post for post in read if isinstance(post, Post)]
    if not posts:
        mistakes = [mistake for item in read if isinstance(item, list) for mistake in item]
        raise InvalidInput(f"none of the {len(items)} posts can be read", errors=mistakes)
    report = await ingest.ingest(posts, via=VIA)
    return [
        _stored(item, report.changes[item.id]) if isinstance(item, Post) else _refused(item)
        for item in read
    ]


def _read(data: Any, index: int) -> Post | list[tuple[str, str]]:
    try:
        return parse_post(data)
    except BadPost as error:
        place = f"posts[{index}]"
        return [(f"{place}.{path}" if path else place, message) for path, message in error.errors]


def _stored(post: Post, change: PostChange) -> dict[str, Any]:
    return {"id": post.id, "change": change.value}


def _refused(mistakes: list[tuple[str, str]]) -> dict[str, Any]:
    detail = "; ".join(f"{path}: {message}" for path, message in mistakes)
    return {
        "error": {
            "code": "invalid_input",
            "detail": detail,
            "errors": [{"path": path, "message": message} for path, message in mistakes],
        }
    }
