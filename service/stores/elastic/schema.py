"""Names, mappings and settings of our indices.

Raise SCHEMA with every change of a mapping: `migrate` then copies what is there into new indices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.stores.post_store import StoredPost

SCHEMA = 2
OLDER = "older"
"""In place of a month, for what was published long before it was fetched."""
_MONTHS_OF_THEIR_OWN = timedelta(days=5 * 366)
"""A hostile feed with a post of every century must not make an index for each."""
_LAST_PART = re.compile(r"-(\d{4}-\d{2}|older)-g(\d{1,6})$")


@dataclass(frozen=True, slots=True)
class Names:
    """What our indices are called: all begin with the prefix, so that a key can be bound to it."""

    prefix: str

    @property
    def posts(self) -> str:
        """The alias over the posts of all months."""
        return f"{self.prefix}-posts"

    @property
    def versions(self) -> str:
        """The index of earlier wordings."""
        return f"{self.prefix}-versions"

    @property
    def control(self) -> str:
        """The index of what the store remembers of itself."""
        return f"{self.prefix}-control"

    @property
    def copies(self) -> str:
        """The index template of the indices that months are copied into."""
        return f"{self.prefix}-rebuilt"

    @property
    def component(self) -> str:
        """The component template with our settings and mappings."""
        return f"{self.posts}@fengsui"

    @property
    def custom(self) -> str:
        """The component template that operators may make, for shards, replicas, allocation."""
        return f"{self.posts}@custom"

    def month(self, month: str, *, generation: int = 1) -> str:
        """The index of a month. The template knows the name, and puts it behind the alias."""
        return f"{self.prefix}-posts-{month}-g{generation}"

    def rebuilt(self, month: str, *, generation: int) -> str:
        """The index that a month is copied into: no template shows it before it is whole."""
        return f"{self.prefix}-rebuilt-{month}-g{generation}"


def month_of(post: StoredPost) -> str:
    """The month (UTC) whose index a new post goes to: that of its first publication."""
    if post.fetched_at - post.published_at > _MONTHS_OF_THEIR_OWN:
        return OLDER
    return f"{post.published_at.astimezone(UTC):%Y-%m}"


def parse_index(index: str) -> tuple[str, int] | None:
    """(month, generation) of the name of a month's index; None for any other."""
    found = _LAST_PART.search(index)
    return (found[1], int(found[2])) if found else None


def generation_of(index: str) -> int:
    """Which copy of its month an index is; 0 for an index of no month."""
    parsed = parse_index(index)
    return parsed[1] if parsed else 0


def end_of_month(month: str) -> datetime | None:
    """The first instant after the month; None for OLDER."""
    if month == OLDER:
        return None
    year, number = int(month[:4]), int(month[5:])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


_KEYWORD = {"type": "keyword", "ignore_above": 1_000}
"""Longer values are kept and not indexed: Lucene refuses terms beyond 32,766 bytes."""
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_COUNT = {"type": "long", "index": False}
# For people with a query of their own: case, width and pairs of characters, nothing for phrases.
_CJK = {"type": "text", "analyzer": "cjk", "index_options": "docs", "norms": False}

_ANALYSIS = {
    "tokenizer": {"units": {"type": "simple_pattern_split", "pattern": "\x1f"}},
    "filter": {"bounded": {"type": "truncate", "length": 8_000}},
    "analyzer": {"packed": {"type": "custom", "tokenizer": "units", "filter": ["bounded"]}},
}
"""Tokens come folded and cut from nlp, in one string with a separator between each two."""

# Instants are microseconds since 1970 UTC, as in the embedded store: dates of Elasticsearch either
# lose the microseconds or begin in 1970. `published_at` is the same for dashboards.
_POSTS: dict[str, Any] = {
    "id": _KEYWORD,
    "tie": {"type": "long", "index": False},
    "source": _KEYWORD,
    "native_id": _KEPT,
    "via": _KEPT,
    "channel": _KEYWORD,
    "published_at": {"type": "date", "format": "epoch_millis"},
    "published_us": {"type": "long"},
    "fetched_us": {"type": "long", "index": False, "doc_values": False},
    "stored_us": {"type": "long"},
    "text": _CJK,
    "title": _CJK,
    "content_hash": _KEPT,
    "url": _KEPT,
    "author": _KEYWORD,
    "followers": _COUNT,
    "verified": {"type": "boolean"},
    "reposts": _COUNT,
    "comments": _COUNT,
    "likes": _COUNT,
    "views": _COUNT,
    "engagement": {"type": "long"},
    "parent_id": _KEPT,
    "repost_of": {"type": "keyword", "ignore_above": 1_000, "doc_values": False},
    "rating": {"type": "double", "index": False},
    "lang": _KEYWORD,
    "monitors": _KEYWORD,
    "spared": _KEYWORD,
    "sentiment": _KEYWORD,
    "severity": {"type": "integer"},
    "scenario": _KEYWORD,
    "categories": _KEYWORD,
    "emotion": _KEYWORD,
    "intent": _KEYWORD,
    "topics": _KEYWORD,
    "copy_group": _KEYWORD,
    "copy_bands": {"type": "keyword", "ignore_above": 1_000, "doc_values": False},
    # group and simhash in one: what `find_copies` answers
    "copy_key": {"type": "keyword", "ignore_above": 1_100, "index": False},
    "simhash": _KEPT,
    # One character finds every token that begins with it without a limit on how many those are.
    "search_tokens": {
        "type": "text",
        "analyzer": "packed",
        "index_prefixes": {"min_chars": 1, "max_chars": 1},
    },
    "words": _KEYWORD,
    "wordless": {"type": "boolean", "index": False, "doc_values": False},
    "extra": _KEPT,
    "analysis": _KEPT,
    "version": {"type": "integer", "index": False},
    "deleted_us": {"type": "long", "index": False},
}
_VERSIONS: dict[str, Any] = {
    "post_id": _KEYWORD,
    "version": {"type": "integer"},
    "published_us": {"type": "long"},
    "fetched_us": {"type": "long", "index": False},
    "content_hash": _KEPT,
    "text": _KEPT,
    "title": _KEPT,
    "rating": {"type": "double", "index": False},
    "analysis": _KEPT,
}

# A batch is seen whole or not at all: only the writer makes it visible, when all of it is there.
# Erased posts leave the disk with the merge that erasure asks for, however few they are.
_SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "-1",
    "merge.policy.expunge_deletes_allowed": 0,
}


def posts_body() -> dict[str, Any]:
    """Settings and mappings of a month's index."""
    return {
        "settings": {"index": _SETTINGS, "analysis": _ANALYSIS},
        "mappings": _mappings(_POSTS),
    }


def versions_body() -> dict[str, Any]:
    return {"settings": {"index": _SETTINGS}, "mappings": _mappings(_VERSIONS)}


def control_body() -> dict[str, Any]:
    settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    return {
        "settings": {"index": settings},
        "mappings": _mappings({"state": {"type": "object", "enabled": False}}),
    }


def template_body(names: Names) -> dict[str, Any]:
    """The index template of the months: ours, and over it what operators put into theirs.

    A late write to a month that was moved or dropped must fail, and make no index under its name.
    """
    return {
        "index_patterns": [f"{names.posts}-*"],
        "priority": 500,
        "composed_of": [names.component, names.custom],
        "allow_auto_create": False,
        "ignore_missing_component_templates": [names.custom],
        "template": {"aliases": {names.posts: {}}},
        "_meta": {"schema": SCHEMA, "made_by": "fengsui"},
    }


def copies_template_body(names: Names) -> dict[str, Any]:
    """The template of copies: no write makes one, and none is behind the alias by itself."""
    return {
        "index_patterns": [f"{names.copies}-*"],
        "priority": 500,
        "allow_auto_create": False,
        "template": {},
        "_meta": {"schema": SCHEMA, "made_by": "fengsui"},
    }


def _mappings(properties: dict[str, Any]) -> dict[str, Any]:
    return {"dynamic": "strict", "_meta": {"schema": SCHEMA}, "properties": properties}
