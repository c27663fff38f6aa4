"""Posts as lines, each with its earlier wordings, and the upserts that bring them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from service.backup.errors import DamagedBackup
from service.stores import PostVersion, StoredPost

_INSTANTS = frozenset({"published_at", "fetched_at", "stored_at", "deleted_at"})
_LISTS = frozenset({"monitors", "spared", "categories", "copy_bands", "search_tokens", "words"})
_POST_FIELDS = frozenset(field.name for field in fields(StoredPost))
_PAST_FIELDS = frozenset(field.name for field in fields(PostVersion))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost:
    """A post and what it said before, oldest first."""

    post: StoredPost
    past: tuple[PostVersion, ...] = ()


def read_post_line(data: Any) -> KeptPost:
    """A post out of a line. Raises DamagedBackup."""
    try:
        return KeptPost(
            post=StoredPost(**_values(data["post"], _POST_FIELDS)),
            past=tuple(PostVersion(**_values(past, _PAST_FIELDS)) for past in data["past"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedBackup(f"a post cannot be read ({error}): damaged") from error


def wordings(kept: KeptPost) -> tuple[StoredPost, ...]:
    """What was stored one after the other: storing these again gives the post and its versions."""
    earlier = (
        replace(
            kept.post,
            text=past.text,
            title=past.title,
            rating=past.rating,
            content_hash=past.content_hash,
            fetched_at=past.fetched_at,
            analysis=past.analysis,
        )
        for past in kept.past
    )
    return (*earlier, kept.post)


def stored_together(
    posts: Iterable[KeptPost], *, least: int, most: int
) -> Iterator[list[KeptPost]]:
    """Batches of posts that come in the order of storing, cut where the instant changes.

    A store moves a post behind all that was committed before it; posts of one instant keep theirs
    only if they go in together. More than `most` of one instant are cut all the same.
    """
    batch: list[KeptPost] = []
    for kept in posts:
        apart = batch and kept.post.stored_at != batch[-1].post.stored_at
        if (len(batch) >= least and apart) or len(batch) >= most:
            yield batch
            batch = []
        batch.append(kept)
    if batch:
        yield batch


def _values(data: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    if unknown := set(data) - known:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return {name: _value(name, value) for name, value in data.items()}


def _value(name: str, value: Any) -> Any:
    if name in _INSTANTS and value is not None:
        return datetime.fromisoformat(value)
    return tuple(value) if name in _LISTS else value
