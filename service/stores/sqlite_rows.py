"""A storable post as a row of the embedded store, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from service.stores.analysed import label_of, topics_of
from service.stores.post_store import PostVersion, StoredPost
from service.stores.storable import SEPARATOR, storable_json

Row = tuple[Any, ...]

POST_COLUMNS = (
    "id", "source", "native_id", "via", "channel", "published_at", "fetched_at", "stored_at",
    "title", "url", "author", "followers", "verified", "reposts", "comments", "likes", "views",
    "parent_id", "repost_of", "rating", "lang", "monitors", "sentiment", "severity", "scenario",
    "categories", "copy_group", "copy_bands", "simhash", "content_hash", "version", "text",
    "search_tokens", "words", "extra", "analysis", "spared", "deleted_at", "month",
    "engagement", "emotion", "intent", "topics",
)  # fmt: skip
READ_COLUMNS = POST_COLUMNS[: POST_COLUMNS.index("month")]
"""What `read_post` takes: the others follow from these."""

MEMBERSHIP_COLUMNS = 18
"""Of monitor_post."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC of an aware instant."""
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def signed(simhash: int) -> int:
    """64 unsigned bits as the signed integer that SQLite keeps."""
    low = simhash & 0xFFFFFFFFFFFFFFFF
    return low - (1 << 64) if low >> 63 else low


def unsigned(simhash: int) -> int:
    return simhash & 0xFFFFFFFFFFFFFFFF


def pack(members: Iterable[str]) -> str:
    """A list in one column, each member between separators; empty for none."""
    joined = SEPARATOR.join(members)
    return f"{SEPARATOR}{joined}{SEPARATOR}" if joined else ""


def unpack(packed: str) -> tuple[str, ...]:
    return tuple(packed[1:-1].split(SEPARATOR)) if packed else ()


def engagement(post: StoredPost) -> int:
    """Acts on the post: reposts, comments and likes, as last counted."""
    return (post.reposts or 0) + (post.comments or 0) + (post.likes or 0)


def post_row(post: StoredPost) -> Row:
    """Values in the order of POST_COLUMNS."""
    return (
        post.id,
        post.source,
        post.native_id,
        post.via,
        post.channel,
        to_micros(post.published_at),
        to_micros(post.fetched_at),
        to_micros(post.stored_at),
        post.title,
        post.url,
        post.author,
        post.followers,
        post.verified,
        post.reposts,
        post.comments,
        post.likes,
        post.views,
        post.parent_id,
        post.repost_of,
        post.rating,
        post.lang,
        pack(post.monitors),
        post.sentiment,
        post.severity,
        post.scenario,
        pack(post.categories),
        post.copy_group,
        pack(post.copy_bands),
        signed(post.simhash),
        post.content_hash,
        post.version,
        post.text,
        pack(post.search_tokens),
        pack(post.words),
        storable_json(post.extra),
        storable_json(post.analysis),
        pack(post.spared),
        None if post.deleted_at is None else to_micros(post.deleted_at),
        post.published_at.astimezone(UTC).isoformat()[:7],
        engagement(post),
        label_of(post, "emotion"),
        label_of(post, "intent"),
        pack(topics_of(post)),
    )


def membership_rows(seq: int, post: StoredPost) -> list[Row]:
    """A row of monitor_post for each monitor of the post, in that table's order.

    A monitor that is spared gets the post without its bad news.
    """
    shared = (
        to_micros(post.published_at),
        seq,
        to_micros(post.stored_at),
        post.source,
        post.channel,
        post.author,
        post.followers,
        post.verified,
        engagement(post),
    )
    topics = pack(topics_of(post))
    news = (post.sentiment, post.severity, post.scenario, pack(post.categories), post.copy_group)
    labels = (label_of(post, "emotion"), label_of(post, "intent"))
    neutral = "neutral" if post.sentiment == "negative" else post.sentiment
    no_news = (neutral, 0, None, "", post.copy_group, None, None)
    return [
        (monitor, *shared, *(no_news if monitor in post.spared else (*news, *labels)), topics)
        for monitor in post.monitors
    ]


def read_post(row: Row) -> StoredPost:
    """A post from the values of READ_COLUMNS; further values are passed over."""
    return StoredPost(
        id=row[0],
        source=row[1],
        native_id=row[2],
        via=row[3],
        channel=row[4],
        published_at=from_micros(row[5]),
        fetched_at=from_micros(row[6]),
        stored_at=from_micros(row[7]),
        title=row[8],
        url=row[9],
        author=row[10],
        followers=row[11],
        verified=None if row[12] is None else bool(row[12]),
        reposts=row[13],
        comments=row[14],
        likes=row[15],
        views=row[16],
        parent_id=row[17],
        repost_of=row[18],
        rating=row[19],
        lang=row[20],
        monitors=unpack(row[21]),
        sentiment=row[22],
        severity=row[23],
        scenario=row[24],
        categories=unpack(row[25]),
        copy_group=row[26],
        copy_bands=unpack(row[27]),
        simhash=unsigned(row[28]),
        content_hash=row[29],
        version=row[30],
        text=row[31],
        search_tokens=unpack(row[32]),
        words=unpack(row[33]),
        extra=orjson.loads(row[34]),
        analysis=orjson.loads(row[35]),
        spared=unpack(row[36]),
        deleted_at=None if row[37] is None else from_micros(row[37]),
    )


def version_row(post: StoredPost) -> Row:
    """A row of post_version."""
    return (
        post.id,
        post.version,
        to_micros(post.fetched_at),
        post.content_hash,
        post.title,
        post.rating,
        post.text,
        storable_json(post.analysis),
    )


def read_version(row: Row) -> PostVersion:
    """A version from a row of post_version."""
    return PostVersion(
        version=row[1],
        fetched_at=from_micros(row[2]),
        content_hash=row[3],
        title=row[4],
        rating=row[5],
        text=row[6],
        analysis=orjson.loads(row[7]),
    )
