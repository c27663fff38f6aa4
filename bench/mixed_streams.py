"""Real repost cascades, dropped at random times into the quiet talk about a brand.

The background is `topics/weibo_2020` thinned to a usual volume; its days get minute times by a
daily profile. A cascade keeps the gaps between its posts.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from crawlers import Author, Post, read_jsonl
from service.replay import Stream

START = datetime(2026, 1, 5, tzinfo=UTC)
APART = timedelta(days=3)
"""At least so long between two cascades, so that an incident is the answer to one of them."""
WARM_UP = timedelta(days=4)
LASTS = timedelta(days=14)
"""What a cascade brings later than this is left out, and counts in its size all the same."""
PROFILE = (
    12,
    7,
    4,
    3,
    3,
    5,
    12,
    24,
    36,
    42,
    46,
    48,
    50,
    46,
    44,
    44,
    46,
    48,
    50,
    54,
    60,
    62,
    50,
    28,
)
"""Posts by hour of the day in UTC+8: low before dawn, two humps, highest in the evening."""
_ZONE = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Cascade:
    """A file of reposts as it stands in a stream; `instants` are in order."""

    name: str
    size: int
    instants: tuple[datetime, ...]

    @property
    def first(self) -> datetime:
        return self.instants[0]

    def seen_by(self, instant: datetime) -> float:
        """The share of the whole cascade that was there by then."""
        return sum(one <= instant for one in self.instants) / self.size


@dataclass(frozen=True, slots=True)
class Mixed:
    """A stream, and what is in it."""

    stream: Stream
    cascades: tuple[Cascade, ...]


def mixed(
    corpus: Path,
    files: Sequence[Path],
    *,
    posts_a_day: int,
    seed: int,
    warm_up: timedelta = WARM_UP,
) -> Mixed:
    """One stream with every cascade of `files`, one after another, in background of that volume."""
    chooser = random.Random(seed)
    posts: list[Post] = []
    cascades = []
    at = START + warm_up
    for path in files:
        at += timedelta(minutes=chooser.randrange(24 * 60))
        placed, cascade = _placed(path, at)
        posts += placed
        cascades.append(cascade)
        at += APART
    days = (at - START) // timedelta(days=1) + 1
    posts += background(corpus, days=days, posts_a_day=posts_a_day, seed=seed)
    end = START + timedelta(days=days)
    posts = sorted(
        (post for post in posts if post.published_at < end), key=lambda post: post.published_at
    )
    return Mixed(Stream(tuple(posts), ()), tuple(cascades))


def background(corpus: Path, *, days: int, posts_a_day: int, seed: int) -> list[Post]:
    """Posts of the corpus, thinned, with instants by the daily profile; in no order."""
    chooser = random.Random(f"background:{seed}")
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        rows = [orjson.loads(line) for line in lines]
    found = []
    for day in range(days):
        for number in range(chooser.randint(posts_a_day * 3 // 4, posts_a_day * 5 // 4)):
            row = chooser.choice(rows)
            hour = chooser.choices(range(24), PROFILE)[0]
            found.append(
                Post(
                    source="weibo",
                    native_id=f"background-{day}-{number}",
                    published_at=START
                    - _ZONE
                    + timedelta(days=day, hours=hour + 8, seconds=chooser.randrange(3600)),
                    text=row["text"],
                    author=Author(id=row["author"]),
                )
            )
    return found


def _placed(path: Path, at: datetime) -> tuple[list[Post], Cascade]:
    posts = [item for item in read_jsonl(path) if isinstance(item, Post)]
    posts.sort(key=lambda post: post.published_at)
    shift = at - posts[0].published_at
    moved = [
        replace(post, published_at=post.published_at + shift)
        for post in posts
        if post.published_at + shift < at + LASTS
    ]
    cascade = Cascade(path.name.split(".")[0], len(posts), tuple(one.published_at for one in moved))
    return moved, cascade
