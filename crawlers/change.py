"""What a second delivery of a post changed: its words, its counters, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crawlers.post import Engagement, Post


class Change(StrEnum):
    """Edits become versions, counters become updates, repeats are no-ops; what is deleted stays."""

    NEW = "new"
    EDITED = "edited"
    COUNTERS = "counters"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """What a store remembers of a post: enough to tell what a new delivery changes."""

    content_hash: str
    engagement: Engagement


def classify_change(known: KnownPost | None, post: Post | None) -> Change:
    """Tell what `post` changes against what is `known` of it (None: nothing).

    A `post` of None stands for the news that the source has it no longer: of a post that was never
    known that changes nothing.
    A counter that the new delivery does not give (None) is not a change: sources leave counters out
    of lists that they show on the page of the post.
    """
    if post is None:
        return Change.UNCHANGED if known is None else Change.DELETED
    if known is None:
        return Change.NEW
    if known.content_hash != post.content_hash:
        return Change.EDITED
    if merge_engagement(known.engagement, post.engagement) != known.engagement:
        return Change.COUNTERS
    return Change.UNCHANGED


def merge_engagement(known: Engagement, fresh: Engagement) -> Engagement:
    """The counters to remember: the fresh ones, and the known ones where fresh ones are missing."""
    return Engagement(
        reposts=known.reposts if fresh.reposts is None else fresh.reposts,
        comments=known.comments if fresh.comments is None else fresh.comments,
        likes=known.likes if fresh.likes is None else fresh.likes,
        views=known.views if fresh.views is None else fresh.views,
    )
