"""The sampled check of what is stored against what was fetched.

Of a few new posts the digests of their fields are kept, as the source's parser made them and before
anything else touched them; no words, so there is nothing to mask or erase. A while later the stored
post has to say the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers import Post
from service.coverage.feed import Passage
from service.db import tables
from service.db.statement import insert
from service.stores import PostStore, StoredPost
from service.stores.storable import storable_text

CHECKED_AFTER = timedelta(minutes=10)
"""An engine that is written to in bulk shows a post a moment later."""
KEPT = timedelta(days=7)
BATCH = 50
MISSING = "missing"
_SAMPLE = tables.post_sample
_WORDS = ("text", "title", "rating", "content_hash")
"""What an edit changes: of an edited post an earlier wording may be the one that was fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Records of the last days that were checked, those wholly right, and fields that were not."""

    checked: int
    right: int
    wrong_fields: Mapping[str, int]

    @property
    def share(self) -> float | None:
        return self.right / self.checked if self.checked else None


def fetched_digests(post: Post, fetched_at: datetime) -> dict[str, str]:
    """Digests of what must be stored of a post as its source gave it."""
    return _digests(
        {
            "source": post.source,
            "native_id": post.native_id,
            "channel": post.channel.value,
            # The one thing that is corrected on purpose: nobody publishes in the future.
            "published_at": min(post.published_at, fetched_at),
            "text": post.text,
            "title": post.title,
            "rating": post.rating,
            "content_hash": post.content_hash,
            "parent_id": post.parent_id,
            "repost_of": post.repost_of,
        }
    )


def stored_digests(post: StoredPost) -> dict[str, str]:
    """The same digests of a stored post."""
    return _digests({name: getattr(post, name) for name in _NAMES})


def wrong_fields(
    fetched: Mapping[str, str], stored: StoredPost | None, *, earlier: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of fields that differ. `earlier` are digests of content hashes of earlier wordings."""
    if stored is None:
        return (MISSING,)
    found = stored_digests(stored)
    edited = fetched["content_hash"] != found["content_hash"]
    excused = frozenset(_WORDS if edited and fetched["content_hash"] in earlier else ())
    return tuple(
        name for name, digest in fetched.items() if name not in excused and found[name] != digest
    )


async def keep(connection: AsyncConnection, feed_id: str, passage: Passage) -> None:
    """Keep the digests of a post that has just been stored."""
    await connection.execute(
        insert(connection, _SAMPLE)
        .values(
            post_id=passage.post.id,
            feed_id=feed_id,
            at=passage.stored_at,
            digests=fetched_digests(passage.post, passage.fetched_at),
        )
        .on_conflict_do_nothing(index_elements=["post_id"])
    )


async def unchecked(connection: AsyncConnection, *, now: datetime) -> dict[str, Mapping[str, str]]:
    """Digests by id of posts whose check is due, a batch of them."""
    rows = await connection.execute(
        select(_SAMPLE.c.post_id, _SAMPLE.c.digests)
        .where(_SAMPLE.c.checked_at.is_(None), _SAMPLE.c.at <= now - CHECKED_AFTER)
        .order_by(_SAMPLE.c.at)
        .limit(BATCH)
    )
    return {row.post_id: row.digests for row in rows}


async def compare(
    store: PostStore, due: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[str, ...]]:
    """What is wrong with each, by id."""
    stored = await store.get_many(sorted(due))
    found: dict[str, tuple[str, ...]] = {}
    for post_id, digests in due.items():
        post = stored.get(post_id)
        earlier: list[str] = []
        if post is not None and post.version > 1:
            earlier = [_digest(item.content_hash) for item in await store.versions(post_id)]
        found[post_id] = wrong_fields(digests, post, earlier=earlier)
    return found


async def settle(
    connection: AsyncConnection, found: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """Write what the checks came to, and forget old samples."""
    for post_id, wrong in found.items():
        await connection.execute(
            update(_SAMPLE)
            .where(_SAMPLE.c.post_id == post_id)
            .values(checked_at=now, wrong=list(wrong))
        )
    await connection.execute(delete(_SAMPLE).where(_SAMPLE.c.at < now - KEPT))


async def accuracy(connection: AsyncConnection, since: datetime) -> Accuracy:
    """Over the samples that were checked since."""
    rows = await connection.execute(select(_SAMPLE.c.wrong).where(_SAMPLE.c.checked_at >= since))
    wrong = [tuple(row.wrong or ()) for row in rows]
    fields: dict[str, int] = {}
    for names in wrong:
        for name in names:
            fields[name] = fields.get(name, 0) + 1
    return Accuracy(
        checked=len(wrong), right=sum(not names for names in wrong), wrong_fields=fields
    )


_NAMES = (
    "source",
    "native_id",
    "channel",
    "published_at",
    "text",
    "title",
    "rating",
    "content_hash",
    "parent_id",
    "repost_of",
)


def _digests(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _digest(value) for name, value in values.items()}


def _digest(value: Any) -> str:
    """Of what every store can hold of a value: instants to the millisecond, no lone surrogates."""
    if isinstance(value, datetime):
        value = int(value.timestamp() * 1000)
    elif isinstance(value, int | float):
        value = round(float(value), 3)
    elif isinstance(value, str):
        value = storable_text(value)
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
