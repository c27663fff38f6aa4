"""Posts pushed by others: read each on its own, store the good ones together, answer in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawlers import BadPost, Post, PostKey, parse_wire
from service.errors import InvalidInput
from service.ingest import Deletions, Ingest
from service.stores import PostChange

MOST_POSTS = 1_000
VIA = "push"
"""The configured source that a pushed post counts as brought by."""


async def push_one(ingest: Ingest, deletions: Deletions, data: Any) -> dict[str, Any]:
    """Store one post, or note that it is gone; `id` and what it changed. Raises InvalidInput with
    every mistake."""
    try:
        item = parse_wire(data)
    except BadPost as error:
        raise InvalidInput(f"this is no post: {error}", errors=error.errors) from error
    return _stored(item, await _changes(ingest, deletions, [item]))


async def push_many(ingest: Ingest, deletions: Deletions, items: list[Any]) -> list[dict[str, Any]]:
    """Store what can be read; one outcome an item, in order, mistakes by their path in the body.

    Raises InvalidInput for more than 1,000 items, none, or none that can be read.
    """
    if not 0 < len(items) <= MOST_POSTS:
        problem = f"give 1 to {MOST_POSTS} posts, not {len(items)}"
        raise InvalidInput(problem, errors=[("posts", problem)])
    read = [_read(item, index) for index, item in enumerate(items)]
    good = [item for item in read if not isinstance(item, list)]
    if not good:
        mistakes = [mistake for item in read if isinstance(item, list) for mistake in item]
        raise InvalidInput(f"none of the {len(items)} posts can be read", errors=mistakes)
    changes = await _changes(ingest, deletions, good)
    return [_refused(item) if isinstance(item, list) else _stored(item, changes) for item in read]


async def _changes(
    ingest: Ingest, deletions: Deletions, items: Sequence[Post | PostKey]
) -> Mapping[str, PostChange]:
    """What was changed, by post id: posts are stored first, and then those marked that are gone."""
    posts = [item for item in items if isinstance(item, Post)]
    gone = [item for item in items if isinstance(item, PostKey)]
    stored = (await ingest.ingest(posts, via=VIA)).changes
    return {**stored, **await deletions.note(gone, via=VIA)}


def _read(data: Any, index: int) -> Post | PostKey | list[tuple[str, str]]:
    try:
        return parse_wire(data)
    except BadPost as error:
        place = f"posts[{index}]"
        return [(f"{place}.{path}" if path else place, message) for path, message in error.errors]


def _stored(item: Post | PostKey, changes: Mapping[str, PostChange]) -> dict[str, Any]:
    """Of a post that was never known its end changes nothing."""
    return {"id": item.id, "change": changes.get(item.id, PostChange.UNCHANGED).value}


def _refused(mistakes: list[tuple[str, str]]) -> dict[str, Any]:
    detail = "; ".join(f"{path}: {message}" for path, message in mistakes)
    return {
        "error": {
            "code": "invalid_input",
            "detail": detail,
            "errors": [{"path": path, "message": message} for path, message in mistakes],
        }
    }
