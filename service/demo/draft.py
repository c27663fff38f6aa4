"""A post of the demo before it has an id, and the line it becomes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

WEIBO = "weibo"
NOTES = "xiaohongshu"
STORE = "appstore"
FORUM = "forum"
FEDIVERSE = "mastodon:example.social"
CHANNELS = {STORE: "in_app", FORUM: "third_party"}
DEFAULT_CHANNEL = "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A made-up author; `channel` set for the brand's own account and the press."""

    id: str
    name: str
    followers: int
    verified: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One post to be. `repost_of` and `parent` are drafts that must stand earlier in the stream."""

    at: datetime
    source: str
    author: Person
    text: str
    title: str | None = None
    url: bool = False
    rating: int | None = None
    lang: str = "zh"
    engagement: tuple[int, int, int] = (0, 0, 0)
    repost_of: Draft | None = None
    parent: Draft | None = None


def lines(drafts: Iterable[Draft]) -> Iterator[str]:
    """The drafts as JSON lines by time, with native ids in that order.

    Raises ValueError when a post answers one that has not been published yet.
    """
    ordered: Sequence[Draft] = sorted(drafts, key=lambda draft: draft.at)
    ids: dict[int, str] = {}  # by identity: two people may well say the same at once
    for number, draft in enumerate(ordered, start=1):
        ids[id(draft)] = f"cy{number:05d}"
        for earlier in (draft.repost_of, draft.parent):
            if earlier is not None and id(earlier) not in ids:
                raise ValueError(f"{draft.text!r} answers a later post; check its delay")
        yield json.dumps(_line(draft, ids), ensure_ascii=False, separators=(",", ":"))


def _line(draft: Draft, ids: dict[int, str]) -> dict[str, object]:
    native_id = ids[id(draft)]
    channel = draft.author.channel or CHANNELS.get(draft.source, DEFAULT_CHANNEL)
    reposts, comments, likes = draft.engagement
    host = draft.source.split(":")[-1]
    line: dict[str, object | None] = {
        "source": draft.source,
        "native_id": native_id,
        "url": f"https://{host}.example/{native_id}" if draft.url else None,
        "published_at": draft.at.isoformat(timespec="seconds"),
        "title": draft.title,
        "text": draft.text,
        "author": {
            "id": draft.author.id,
            "name": draft.author.name,
            "followers": draft.author.followers,
            "verified": draft.author.verified,
        },
        "engagement": {"reposts": reposts, "comments": comments, "likes": likes},
        "repost_of": ids[id(draft.repost_of)] if draft.repost_of else None,
        "parent_id": ids[id(draft.parent)] if draft.parent else None,
        "rating": draft.rating,
        "lang": draft.lang,
        "channel": channel,
        "synthetic": True,
    }
    return {key: value for key, value in line.items() if value is not None}
