"""What becomes of a post that comes again: pure, and the same for every engine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from service.stores.post_store import Inheritance, PostChange, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The post to keep, what that does to it, and whether there is anything to write."""

    post: StoredPost
    change: PostChange
    write: bool


def first_stored(incoming: StoredPost) -> StoredPost:
    """The post as its first write keeps it: version 1, `published_at` clamped to `fetched_at`."""
    return replace(
        incoming,
        published_at=min(incoming.published_at, incoming.fetched_at),
        monitors=tuple(sorted(set(incoming.monitors))),
        spared=tuple(sorted(set(incoming.spared).intersection(incoming.monitors))),
        version=1,
    )


def merge(
    previous: StoredPost,
    incoming: StoredPost,
    *,
    archived: Collection[tuple[str, datetime]] = (),
) -> Merged:
    """Decide what `incoming` does to `previous`.

    `archived` holds (content_hash, fetched_at) of earlier wordings: a batch that is stored again
    after a crash must not bring them back. Monitors are united whatever happens.
    """
    monitors = tuple(sorted({*previous.monitors, *incoming.monitors}))
    late = incoming.fetched_at < previous.fetched_at
    if late or (incoming.content_hash, incoming.fetched_at) in archived:
        spared = _spared(previous, incoming, judged=False)
        kept = replace(previous, monitors=monitors, spared=spared)
        return Merged(post=kept, change=PostChange.UNCHANGED, write=kept != previous)
    edited = incoming.content_hash != previous.content_hash
    # An analysis that is not kept must not say whom the one that is kept is about.
    same = (incoming.sentiment, incoming.severity) == (previous.sentiment, previous.severity)
    spared = _spared(previous, incoming, judged=edited or same)
    counted = replace(
        previous,
        monitors=monitors,
        spared=spared,
        followers=_newer(incoming.followers, previous.followers),
        verified=previous.verified if incoming.verified is None else incoming.verified,
        reposts=_newer(incoming.reposts, previous.reposts),
        comments=_newer(incoming.comments, previous.comments),
        likes=_newer(incoming.likes, previous.likes),
        views=_newer(incoming.views, previous.views),
        deleted_at=_deleted_at(previous, incoming),
    )
    if edited:
        reworded = replace(
            incoming,
            monitors=monitors,
            spared=spared,
            published_at=previous.published_at,
            stored_at=previous.stored_at,
            version=previous.version + 1,
            author=incoming.author or previous.author,
            url=incoming.url or previous.url,
            followers=counted.followers,
            verified=counted.verified,
            reposts=counted.reposts,
            comments=counted.comments,
            likes=counted.likes,
            views=counted.views,
            deleted_at=counted.deleted_at,
        )
        return Merged(post=reworded, change=PostChange.EDITED, write=True)
    if replace(counted, monitors=previous.monitors, spared=previous.spared) != previous:
        post = replace(counted, fetched_at=incoming.fetched_at)
        return Merged(post=post, change=PostChange.COUNTERS, write=True)
    return Merged(post=counted, change=PostChange.UNCHANGED, write=counted != previous)


def deleted(post: StoredPost, at: datetime) -> StoredPost:
    """The post as one that its source had no longer at an instant; the first one found stays."""
    gone = post.deleted_at is None and post.fetched_at <= at
    return replace(post, deleted_at=at) if gone else post


def inherited(post: StoredPost, more: Inheritance) -> StoredPost:
    """The post with what it takes over."""
    joined = set(more.monitors) - set(post.monitors)
    return replace(
        post,
        monitors=tuple(sorted({*post.monitors, *joined})),
        spared=tuple(sorted({*post.spared, *joined.intersection(more.spared)})),
        copy_group=post.copy_group if more.copy_group is None else more.copy_group,
        scenario=post.scenario if more.scenario is None else more.scenario,
        sentiment=post.sentiment if more.sentiment is None else more.sentiment,
    )


def _deleted_at(previous: StoredPost, incoming: StoredPost) -> datetime | None:
    """A post that its source brings after it was missed is there again."""
    if previous.deleted_at is None or incoming.fetched_at > previous.deleted_at:
        return None
    return previous.deleted_at


def _spared(previous: StoredPost, incoming: StoredPost, *, judged: bool) -> tuple[str, ...]:
    """`incoming` speaks for monitors that it joins, and if `judged` for all of its own."""
    speaks = set(incoming.monitors)
    if not judged:
        speaks.difference_update(previous.monitors)
    kept = set(previous.spared) - speaks
    return tuple(sorted(kept | speaks.intersection(incoming.spared)))


def _newer(incoming: int | None, previous: int | None) -> int | None:
    """A source that stops giving a counter does not make it unknown."""
    return previous if incoming is None else incoming
