"""A recorded stream: posts in the order of time, and the lines that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawlers import Post, RejectedLine, read_jsonl
from service.errors import InvalidInput

_NAMED = 5
"""Lines named when none of them is a post; one mistake usually runs through the whole file."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Posts by `published_at`; equal instants keep the order of the file."""

    posts: tuple[Post, ...]
    rejected: tuple[RejectedLine, ...]

    @property
    def start(self) -> datetime:
        return self.posts[0].published_at

    @property
    def end(self) -> datetime:
        return self.posts[-1].published_at

    def batches(self, *, span: timedelta, limit: int = 500) -> Iterator[Sequence[Post]]:
        """Runs of posts of at most `span` from first to last: what a minute of crawling brings."""
        batch: list[Post] = []
        for post in self.posts:
            full = len(batch) >= limit and post.published_at > batch[-1].published_at
            if batch and (full or post.published_at - batch[0].published_at >= span):
                yield batch
                batch = []
            batch.append(post)
        if batch:
            yield batch


def read_stream(path: Path) -> Stream:
    """Read a JSONL file, plain or gzip, or `-` for stdin.

    Raises InvalidInput when it cannot be read and when there is no post in it; `errors` then has
    (file:line, reason) of the first lines that are none.
    """
    posts: list[Post] = []
    rejected: list[RejectedLine] = []
    try:
        for item in read_jsonl(path):
            if isinstance(item, Post):
                posts.append(item)
            else:
                rejected.append(item)
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be read: {error.strerror or error}; name a JSONL file, plain or gzip"
        ) from error
    if not posts:
        raise InvalidInput(
            f"{path}: no post in it; each line is a JSON object with source, native_id, "
            "published_at and text",
            errors=[(line.place, line.reason) for line in rejected[:_NAMED]],
        )
    posts.sort(key=lambda post: post.published_at)
    return Stream(tuple(posts), tuple(rejected))
