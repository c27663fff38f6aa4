"""A storable post as a document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from service.stores.analysed import label_of, topics_of
from service.stores.post_store import PostVersion, StoredPost
from service.stores.sqlite_rows import engagement, from_micros, to_micros
from service.stores.storable import SEPARATOR, storable_json

Document = dict[str, Any]


def document(post: StoredPost) -> Document:
    """The document of a post that `storable_post` has cleaned; what is None stays away."""
    words = post.words or tuple(dict.fromkeys(post.search_tokens))
    copies = post.copy_group and post.copy_bands
    published_us = to_micros(post.published_at)
    found = {
        "id": post.id,
        "tie": tie(post.id),
        "source": post.source,
        "native_id": post.native_id,
        "via": post.via,
        "channel": post.channel,
        "published_at": published_us // 1_000,
        "published_us": published_us,
        "fetched_us": to_micros(post.fetched_at),
        "stored_us": to_micros(post.stored_at),
        "text": post.text,
        "title": post.title,
        "content_hash": post.content_hash,
        "url": post.url,
        "author": post.author,
        "followers": post.followers,
        "verified": post.verified,
        "reposts": post.reposts,
        "comments": post.comments,
        "likes": post.likes,
        "views": post.views,
        "engagement": engagement(post),
        "parent_id": post.parent_id,
        "repost_of": post.repost_of,
        "rating": post.rating,
        "lang": post.lang,
        "monitors": post.monitors or None,
        "spared": post.spared or None,
        "sentiment": post.sentiment,
        "severity": post.severity,
        "scenario": post.scenario,
        "categories": post.categories or None,
        "emotion": label_of(post, "emotion"),
        "intent": label_of(post, "intent"),
        "topics": topics_of(post) or None,
        "copy_group": post.copy_group or None,
        "copy_bands": post.copy_bands or None,
        "copy_key": f"{post.copy_group}{SEPARATOR}{post.simhash}" if copies else None,
        "simhash": str(post.simhash),
        "search_tokens": SEPARATOR.join(post.search_tokens) or None,
        "words": words or None,
        "wordless": None if post.words else True,
        "extra": storable_json(post.extra),
        "analysis": storable_json(post.analysis),
        "version": post.version,
        "deleted_us": None if post.deleted_at is None else to_micros(post.deleted_at),
    }
    return {name: value for name, value in found.items() if value is not None}


def tie(post_id: str) -> int:
    """A number that tells posts of one instant apart: sorting by ids costs far more than by it."""
    return int.from_bytes(blake2b(post_id.encode(), digest_size=8).digest()) >> 1


def read_post(source: Mapping[str, Any]) -> StoredPost:
    """The post of a document."""
    tokens = source.get("search_tokens")
    deleted_us = source.get("deleted_us")
    return StoredPost(
        id=source["id"],
        source=source["source"],
        native_id=source["native_id"],
        via=source["via"],
        channel=source["channel"],
        published_at=from_micros(source["published_us"]),
        fetched_at=from_micros(source["fetched_us"]),
        stored_at=from_micros(source["stored_us"]),
        text=source["text"],
        title=source.get("title"),
        content_hash=source["content_hash"],
        url=source.get("url"),
        author=source.get("author"),
        followers=source.get("followers"),
        verified=source.get("verified"),
        reposts=source.get("reposts"),
        comments=source.get("comments"),
        likes=source.get("likes"),
        views=source.get("views"),
        parent_id=source.get("parent_id"),
        repost_of=source.get("repost_of"),
        rating=source.get("rating"),
        lang=source.get("lang"),
        monitors=tuple(source.get("monitors", ())),
        spared=tuple(source.get("spared", ())),
        sentiment=source.get("sentiment"),
        severity=source["severity"],
        scenario=source.get("scenario"),
        categories=tuple(source.get("categories", ())),
        copy_group=source.get("copy_group", ""),
        copy_bands=tuple(source.get("copy_bands", ())),
        simhash=int(source["simhash"]),
        search_tokens=tuple(tokens.split(SEPARATOR)) if tokens else (),
        words=() if source.get("wordless") else tuple(source.get("words", ())),
        extra=orjson.loads(source["extra"]),
        analysis=orjson.loads(source["analysis"]),
        version=source["version"],
        deleted_at=None if deleted_us is None else from_micros(deleted_us),
    )


def read_copy_key(key: str) -> tuple[str, int]:
    """(copy_group, simhash) of a copy key."""
    group, _, simhash = key.rpartition(SEPARATOR)
    return group, int(simhash)


def version_id(post: StoredPost) -> str:
    """The id under which the wording of a post is archived: archiving it twice is once."""
    return f"{post.id}:{post.version}"


def version_document(post: StoredPost) -> Document:
    """The archived wording of a post."""
    found = {
        "post_id": post.id,
        "version": post.version,
        "published_us": to_micros(post.published_at),
        "fetched_us": to_micros(post.fetched_at),
        "content_hash": post.content_hash,
        "text": post.text,
        "title": post.title,
        "rating": post.rating,
        "analysis": storable_json(post.analysis),
    }
    return {name: value for name, value in found.items() if value is not None}


def read_version(source: Mapping[str, Any]) -> PostVersion:
    return PostVersion(
        version=source["version"],
        fetched_at=from_micros(source["fetched_us"]),
        content_hash=source["content_hash"],
        title=source.get("title"),
        rating=source.get("rating"),
        text=source["text"],
        analysis=orjson.loads(source["analysis"]),
    )
