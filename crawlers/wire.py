"""A post on a line: the shape in which posts travel through files, streams and push."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crawlers.errors import BadPost
from crawlers.fields import FieldReader, clean_json
from crawlers.post import Author, Channel, Engagement, Post, PostKey

MAX_TEXT = 100_000
MAX_TITLE = 2_000
MAX_ID = 512
MAX_URL = 4_096
MAX_EXTRA_BYTES = 4_096
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Outside lie the slips of clocks and parsers; sums of times near the year 1 or 9999 overflow."""

_KEYS = frozenset(
    {
        "source",
        "native_id",
        "url",
        "published_at",
        "text",
        "title",
        "author",
        "engagement",
        "parent_id",
        "repost_of",
        "rating",
        "lang",
        "channel",
        "extra",
        "deleted",
    }
)
_AUTHOR_KEYS = frozenset({"id", "name", "followers", "verified"})
_COUNTERS = ("reposts", "comments", "likes", "views")
_CHANNELS = {channel.value: channel for channel in Channel}


def parse_wire(data: Mapping[str, Any]) -> Post | PostKey:
    """Read what travels in the contract's shape: a post, or with `deleted: true` the key of one
    that its source has no longer, of which `source` and `native_id` count. Raises BadPost."""
    if not isinstance(data, Mapping) or data.get("deleted") is not True:
        return parse_post(data)
    read = FieldReader(data)
    source = read.identifier("source", MAX_ID, required=True)
    native_id = read.identifier("native_id", MAX_ID, required=True)
    if read.errors or source is None or native_id is None:
        raise BadPost(read.errors)
    return PostKey(source, native_id)


def parse_post(data: Mapping[str, Any]) -> Post:
    """Read one post of the contract's JSON shape, already decoded.

    `published_at` must be ISO 8601 with a zone, from EARLIEST to before LATEST, and comes out
    in UTC; a future one is kept, since only the ingest knows when the post was fetched. NULs are
    dropped and lone surrogates become U+FFFD, so that every store and encoder can hold the text.
    Unknown keys go to `extra` (those of `author` and `engagement` with a dotted name) as long as
    they fit 4 KiB of JSON together. Raises BadPost with every mistake at once.
    """
    if not isinstance(data, Mapping):
        raise BadPost([("", f"must be an object, not {type(data).__name__}")])
    read = FieldReader(data)
    unknown = {key: value for key, value in data.items() if key not in _KEYS}
    source = read.identifier("source", MAX_ID, required=True)
    native_id = read.identifier("native_id", MAX_ID, required=True)
    published_at = read.instant("published_at", low=EARLIEST, high=LATEST)
    text = read.text("text", MAX_TEXT, required=True)
    title = read.text("title", MAX_TITLE)
    url = read.link("url", MAX_URL)
    author = _author(read, unknown)
    engagement = _engagement(read, unknown)
    parent_id = read.identifier("parent_id", MAX_ID)
    repost_of = read.identifier("repost_of", MAX_ID)
    rating = read.number("rating", low=1, high=5)
    lang = read.identifier("lang", 35)
    channel = read.choice("channel", _CHANNELS)
    extra = _extra(read, unknown)
    if read.flag("deleted"):
        read.fail("deleted", "says that the post is gone, which is news to push and no post")
    if read.errors or source is None or native_id is None or published_at is None or text is None:
        raise BadPost(read.errors)
    return Post(
        source=source,
        native_id=native_id,
        published_at=published_at,
        text=text,
        title=title,
        url=url,
        author=author,
        engagement=engagement,
        parent_id=parent_id,
        repost_of=repost_of,
        rating=rating,
        lang=lang,
        channel=channel or Channel.SOCIAL,
        extra=extra,
    )


def post_to_wire(post: Post) -> dict[str, Any]:
    """Write a post in the contract's shape: what `parse_post` reads back as the same post.

    Keys without a value are left out; `published_at` is UTC, ending in Z.
    """
    wire: dict[str, Any] = {
        "source": post.source,
        "native_id": post.native_id,
        "url": post.url,
        "published_at": post.published_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "text": post.text,
        "title": post.title,
        "author": None,
        "engagement": present({key: getattr(post.engagement, key) for key in _COUNTERS}) or None,
        "parent_id": post.parent_id,
        "repost_of": post.repost_of,
        "rating": post.rating,
        "lang": post.lang,
        "channel": post.channel.value,
        "extra": dict(post.extra) or None,
    }
    if post.author is not None:
        wire["author"] = present(
            {
                "id": post.author.id,
                "name": post.author.name,
                "followers": post.author.followers,
                "verified": post.author.verified,
            }
        )
    return present(wire)


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that have a value."""
    return {key: value for key, value in values.items() if value is not None}


def _author(read: FieldReader, unknown: dict[str, Any]) -> Author | None:
    inner = read.nested("author")
    if inner is None:
        return None
    unknown.update(inner.unknown(_AUTHOR_KEYS))
    author_id = inner.identifier("id", MAX_ID, required=True)
    name = inner.text("name", MAX_ID)
    followers = inner.counter("followers")
    verified = inner.flag("verified")
    if author_id is None:
        return None
    return Author(id=author_id, name=name, followers=followers, verified=verified)


def _engagement(read: FieldReader, unknown: dict[str, Any]) -> Engagement:
    inner = read.nested("engagement")
    if inner is None:
        return Engagement()
    unknown.update(inner.unknown(_COUNTERS))
    return Engagement(**{key: inner.counter(key) for key in _COUNTERS})


def _extra(read: FieldReader, unknown: dict[str, Any]) -> dict[str, Any]:
    inner = read.nested("extra")
    values = {**(dict(inner.data) if inner is not None else {}), **unknown}
    if not values:
        return {}
    kept: dict[str, Any] = {}
    size = 2  # the braces
    for raw_key, raw_value in values.items():
        key = str(raw_key)
        try:
            value = clean_json(raw_value)
            encoded = json.dumps({key: value}, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            read.fail(key, "unknown key whose value is no plain JSON")
            continue
        size += len(encoded.encode("utf-8", "replace"))
        if size > MAX_EXTRA_BYTES:
            read.fail(
                key, f"unknown key: those beyond the contract may take {MAX_EXTRA_BYTES} bytes"
            )
        else:
            kept[str(clean_json(key))] = value
    return kept
