"""What may go into a store: every engine chokes on something, so posts are made harmless first.

Each replacement is one code point for one code point: spans found in the text before still hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from service.stores.post_store import StoredPost

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
COUNTER_MAX = 10**12
"""More than there are people; keeps sums over millions of posts inside 64 bits."""
SEPARATOR = "\x1f"
"""ASCII unit separator: may not stand inside a member of a list, so that lists can be packed."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable_text(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    # encode() is several times faster than a search and settles nearly every text
    if "\x00" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub(REPLACEMENT, text)


def storable_count(count: int | None) -> int | None:
    """The counter cut to 0…COUNTER_MAX: no site has more, a hostile push may claim more."""
    return None if count is None else max(0, min(count, COUNTER_MAX))


def storable_members(values: Iterable[str]) -> tuple[str, ...]:
    """The members of a list, cleaned; a separator inside one cuts it, empty ones are dropped."""
    return tuple(filter(None, storable_text(SEPARATOR.join(values)).split(SEPARATOR)))


def storable_json(value: Mapping[str, Any]) -> str:
    """JSON of a mapping, whatever strings and numbers stand in it."""
    if not value:
        return "{}"
    try:
        plain = orjson.dumps(value)
    except (TypeError, ValueError):
        # what orjson refuses: lone surrogates, integers beyond 64 bits, keys that are no strings
        plain = b"\\u0000"
    if b"\\u0000" not in plain:
        return plain.decode()
    return json.dumps(_storable(value), ensure_ascii=False, default=str)


def storable_post(post: StoredPost) -> StoredPost:
    """The post with every field inside what stores can keep; ValueError for a naive instant.

    `extra` and `analysis` are left to `storable_json`.
    """
    for name in ("published_at", "fetched_at", "stored_at", "deleted_at"):
        instant = getattr(post, name)
        if instant is not None and instant.tzinfo is None:
            raise ValueError(f"post {post.id}: {name} has no zone; stores take aware instants only")
    return replace(
        post,
        id=storable_text(post.id),
        source=storable_text(post.source),
        native_id=storable_text(post.native_id),
        via=storable_text(post.via),
        channel=storable_text(post.channel),
        text=storable_text(post.text),
        content_hash=storable_text(post.content_hash),
        title=_optional(post.title),
        url=_optional(post.url),
        author=_optional(post.author),
        followers=storable_count(post.followers),
        reposts=storable_count(post.reposts),
        comments=storable_count(post.comments),
        likes=storable_count(post.likes),
        views=storable_count(post.views),
        parent_id=_optional(post.parent_id),
        repost_of=_optional(post.repost_of),
        lang=_optional(post.lang),
        monitors=storable_members(post.monitors),
        spared=storable_members(post.spared),
        sentiment=_optional(post.sentiment),
        scenario=_optional(post.scenario),
        categories=storable_members(post.categories),
        copy_group=storable_text(post.copy_group),
        copy_bands=storable_members(post.copy_bands),
        search_tokens=storable_members(post.search_tokens),
        words=storable_members(dict.fromkeys(post.words)),
    )


def _optional(text: str | None) -> str | None:
    return None if text is None else storable_text(text)


def _storable(value: object) -> object:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, Mapping):
        return {storable_text(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_storable(item) for item in value]
    return value
