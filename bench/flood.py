"""Copies, bursts and stories in one loop over a stream: posts a second on one core.

    python -m bench.flood [--data ../shared/data] [--posts 30000] [--known 2000] [--seed 3]

Everything that a post costs these three is in the loop: normal form, words, copy key and group, the
counts of 300 monitors a minute (every series every minute, empty ones too), and stories in batches
of 256. The encoder is not: vectors are given (see `bench.flood_posts`). CPU time of this one
thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core; before numpy

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bench.flood_posts import BEGAN, SERIES, Arrival, arrivals, known_posts
from bench.memory import resident
from nlp import copy_key, normalize
from nlp.spread import CopyStream
from nlp.stories import Stories, StoryPost, words_of
from nlp.text.tokenizer import JiebaTokenizer
from nlp.trends import BurstDetector

BATCH = 256
_MINUTE = timedelta(minutes=1)
T = TypeVar("T")


class Bursts:
    """A detector for each series, told every minute."""

    def __init__(self, series: int = SERIES) -> None:
        self._detectors = [BurstDetector.of(_MINUTE) for _ in range(series)]
        self._counts = [0] * series
        self._minute = BEGAN
        self.alarms = 0

    def add(self, post: Arrival) -> None:
        while post.at >= self._minute + _MINUTE:
            for detector, count in zip(self._detectors, self._counts, strict=True):
                self.alarms += detector.update(self._minute, count).score >= 0.99
            self._counts = [0] * len(self._counts)
            self._minute += _MINUTE
        self._counts[post.series] += 1


class Flood:
    """The three detectors, and the CPU seconds that each part took."""

    def __init__(self, *, space: str) -> None:
        self.copies, self.bursts, self.stories = CopyStream(), Bursts(), Stories()
        self.seconds: dict[str, float] = {}
        self._tokenizer = JiebaTokenizer()
        self._space = space
        self._waiting: list[StoryPost] = []

    def add(self, post: Arrival) -> None:
        """One post, in order."""
        normal = self._timed("normal form", lambda: normalize(post.text).text)
        tokens = self._timed("words", lambda: words_of(normal, self._tokenizer.tokens(normal)))
        key = self._timed("copy key", lambda: copy_key(normal))
        joined = self._timed("copy group", lambda: self.copies.add(post.id, key=key, at=post.at))
        self._timed("bursts", lambda: self.bursts.add(post))
        self._waiting.append(
            StoryPost(
                id=post.id,
                at=post.at,
                space=self._space,
                vector=post.vector,
                terms=tokens.terms,
                entities=tokens.entities,
                copy_group=joined.group,
                source="weibo",
                length=len(post.text),
            )
        )
        if len(self._waiting) == BATCH:
            batch, self._waiting = self._waiting, []
            self._timed("stories", lambda: self.stories.add(batch, now=batch[-1].at))

    def _timed(self, part: str, work: Callable[[], T]) -> T:
        begun = time.process_time()
        result = work()
        self.seconds[part] = self.seconds.get(part, 0.0) + time.process_time() - begun
        return result


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.flood", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--posts", type=int, default=30_000)
    parser.add_argument("--known", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args(arguments)
    known = known_posts(given.data, count=given.known, seed=given.seed)
    flood = Flood(space=known.space)
    for post in arrivals(known, count=given.posts, seed=given.seed):
        flood.add(post)
    whole = sum(flood.seconds.values())
    print(f"{'part':14} {'µs a post':>10} {'share':>7}")
    for part, seconds in flood.seconds.items():
        print(f"{part:14} {1e6 * seconds / given.posts:10.1f} {seconds / whole:7.1%}")
    print(
        f"{given.posts:,} posts: {given.posts / whole:,.0f} posts/s on one core; "
        f"{len(flood.copies):,} copy groups, {len(flood.stories):,} stories and seeds, "
        f"{flood.bursts.alarms} alarms, {resident().now:.0f} MiB"
    )


if __name__ == "__main__":
    main()
