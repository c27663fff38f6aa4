"""A stored post as one of many that pass a text on: without its analysis, a few hundred bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp import whole_text
from nlp.spread import Posting, SpreadPost
from service.stores import StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What trees and copy groups are made of. `parent` is the id of what its site says it shares;
    `author` is a pseudonym, None where the source names nobody."""

    id: str
    source: str
    native_id: str
    author: str | None
    at: datetime
    parent: str | None
    copy_group: str
    text: str
    followers: int | None
    sentiment: str | None


def passed(post: StoredPost) -> Passed:
    """The post with its title, and what its site states of what it shares."""
    return Passed(
        id=post.id,
        source=post.source,
        native_id=post.native_id,
        author=post.author,
        at=post.published_at,
        parent=post.shared_id,
        copy_group=post.copy_group,
        text=whole_text(post.text, title=post.title),
        followers=post.followers,
        sentiment=post.sentiment,
    )


def spread_post(post: Passed, *, with_copies: bool) -> SpreadPost:
    """One of a tree. Of whom the source does not name each post is by somebody else.

    Names are kept encrypted, so nobody is found by a name that a text quotes.
    """
    return SpreadPost(
        id=post.id,
        author=post.author or post.id,
        at=post.at,
        parent=post.parent,
        copy_group=post.copy_group or None if with_copies else None,
        followers=post.followers,
        negative=None if post.sentiment is None else post.sentiment == "negative",
    )


def posting(post: Passed) -> Posting:
    """One of a copy group. Of whom the source does not name each post is by somebody else."""
    return Posting(
        author=post.author or post.id,
        at=post.at,
        shared=post.parent is not None,
        followers=post.followers,
    )
