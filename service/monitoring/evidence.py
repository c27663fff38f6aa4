"""Posts frozen as evidence: JSON with its hash, so that it stands after the post is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from nlp.pii import masked
from service.incidents.frozen import digest
from service.incidents.model import Evidence
from service.incidents.view import format_instant
from service.stores.post_store import StoredPost

FIRST = 20
"""Posts frozen when an incident opens, the first post among them."""
MOST = 100
"""Posts frozen in all; the rest stay searchable."""


def freeze(post: StoredPost, *, now: datetime) -> Evidence:
    """The post as it stands at `now`. The author is a pseudonym already.

    Private numbers and addresses in title and text are masked before the hash is taken; the spans
    of the hits stay where they are.
    """
    snapshot: dict[str, Any] = {
        "source": post.source,
        "native_id": post.native_id,
        "url": post.url,
        "channel": post.channel,
        "published_at": format_instant(post.published_at),
        "fetched_at": format_instant(post.fetched_at),
        "frozen_at": format_instant(now),
        "title": None if post.title is None else masked(post.title),
        "text": masked(post.text),
        "author": post.author,
        "followers": post.followers,
        "verified": post.verified,
        "reposts": post.reposts,
        "comments": post.comments,
        "likes": post.likes,
        "repost_of": post.repost_of,
        "sentiment": post.sentiment,
        "severity": post.severity,
        "scenario": post.scenario,
        "hits": [
            {
                name: hit.get(name)
                for name in ("term", "category", "severity", "start", "end", "field")
            }
            for hit in post.analysis.get("hits", ())
            if hit.get("suppressed_by") is None
        ],
    }
    return Evidence(
        post_id=post.id,
        at=now,
        copy_group=post.copy_group,
        snapshot=snapshot,
        sha256=digest(snapshot),
        deleted_at=post.deleted_at,
    )


def choose(posts: Iterable[StoredPost], *, limit: int) -> list[StoredPost]:
    """One post a copy group, in the given order of importance."""
    chosen: dict[str, StoredPost] = {}
    for post in posts:
        if len(chosen) >= limit:
            break
        chosen.setdefault(post.copy_group or post.id, post)
    return list(chosen.values())
