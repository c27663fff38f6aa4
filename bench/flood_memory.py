"""What each detector holds in memory over a million posts.

    python -m bench.flood_memory [--data ../shared/data] [--posts 1000000] [--seed 3]
        [--only copies|cascades|bursts|stories|topics …]

Each detector runs in a process of its own over the stream of `bench.flood_posts`, one after
another; resident memory is read every tenth of it. The slope is that of a straight line through the
second half of the rows, in MiB for 100,000 posts. `cascades` are traced and predicted one by one,
trees of up to 5,000 posts: nothing is kept between two. About twenty minutes on one core.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core; before numpy

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import linear_regression

from bench.flood import BATCH, Bursts
from bench.flood_posts import BEGAN, Known, arrivals, known_posts
from bench.memory import resident
from nlp import copy_key, normalize
from nlp.spread import CopyStream, SpreadPost, predict_size, trace_cascade
from nlp.stories import Stories, StoryPost, words_of
from nlp.text.tokenizer import JiebaTokenizer
from nlp.topics import FitOptions, TopicPost, assign, content_words, fit_topics

POINTS = 10
_SETTLED = POINTS // 2
"""Rows before what is bounded has filled up."""
_LARGEST = 5_000
_TOPICS = 20
_ON = frozenset({"data", "posts", "known", "seed"})
"""Options that the processes are given too."""


def copies(known: Known, count: int, seed: int) -> Iterator[int]:
    """Near-duplicate groups."""
    stream = CopyStream()
    for number, post in enumerate(arrivals(known, count=count, seed=seed), 1):
        stream.add(post.id, key=copy_key(normalize(post.text).text), at=post.at)
        yield number


def cascades(known: Known, count: int, seed: int) -> Iterator[int]:
    """Trees with inferred edges, sizes by a power law, each predicted."""
    draw = random.Random(seed)
    done = 0
    while done < count:
        size = min(_LARGEST, count - done, int(5 * draw.paretovariate(0.8)))
        tree = [
            SpreadPost(
                id=f"{done}-{number}",
                author=f"a{draw.randrange(10**6)}",
                at=BEGAN + timedelta(seconds=done + number),
                parent=f"{done}-{draw.randrange(number)}" if number and number % 9 else None,
                copy_group="g",
                followers=draw.randrange(1000),
                negative=draw.random() < 0.5,
            )
            for number in range(size)
        ]
        trace_cascade(tree)
        times = [post.at for post in tree]
        predict_size(times, began=times[0], now=times[-1] + timedelta(hours=1))
        done += size
        yield done


def bursts(known: Known, count: int, seed: int) -> Iterator[int]:
    """Three hundred series, a count a minute each."""
    detectors = Bursts()
    for number, post in enumerate(arrivals(known, count=count, seed=seed), 1):
        detectors.add(post)
        yield number


def stories(known: Known, count: int, seed: int) -> Iterator[int]:
    """Stories of posts whose words, vectors and copy groups are given."""
    tokenizer, clusters, waiting = JiebaTokenizer(), Stories(), []
    for number, post in enumerate(arrivals(known, count=count, seed=seed), 1):
        normal = normalize(post.text).text
        words = words_of(normal, tokenizer.tokens(normal))
        waiting.append(
            StoryPost(
                id=post.id,
                at=post.at,
                space=known.space,
                vector=post.vector,
                terms=words.terms,
                entities=words.entities,
                copy_group=copy_key(normal).exact,
                source="weibo",
                length=len(post.text),
            )
        )
        if len(waiting) == BATCH:
            clusters.add(waiting, now=post.at)
            waiting = []
        yield number


def topics(known: Known, count: int, seed: int) -> Iterator[int]:
    """Posts assigned to the topics of one fit."""
    tokenizer = JiebaTokenizer()

    def words(text: str) -> tuple[str, ...]:
        return content_words(tokenizer.tokens(normalize(text).text))

    posts = [TopicPost(id=str(n), words=words(text)) for n, text in enumerate(known.texts)]
    model = fit_topics(posts, FitOptions(topics=_TOPICS, seed=seed)).model
    waiting = []
    for number, post in enumerate(arrivals(known, count=count, seed=seed), 1):
        waiting.append(words(post.text))
        if len(waiting) == BATCH:
            assign(model, waiting)
            waiting = []
        yield number


DETECTORS: dict[str, Callable[[Known, int, int], Iterator[int]]] = {
    "copies": copies,
    "cascades": cascades,
    "bursts": bursts,
    "stories": stories,
    "topics": topics,
}


def curve(name: str, known: Known, *, count: int, seed: int) -> list[tuple[int, float]]:
    """(posts taken, MiB resident), POINTS of them; progress goes to stderr."""
    rows: list[tuple[int, float]] = []
    step = count // POINTS
    begun = time.process_time()
    for taken in DETECTORS[name](known, count, seed):
        if taken >= (len(rows) + 1) * step or taken == count:
            rows.append((taken, resident().now))
            print(f"{name} {taken:,} {time.process_time() - begun:.0f} s CPU", file=sys.stderr)
    return rows[:POINTS]


def slope(rows: Sequence[tuple[int, float]]) -> float:
    """MiB for 100,000 posts, once it has settled."""
    settled = rows[_SETTLED:]
    line = linear_regression([taken for taken, _ in settled], [mib for _, mib in settled])
    return line.slope * 100_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one row a detector."""
    parser = argparse.ArgumentParser(prog="python -m bench.flood_memory", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--known", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--only", choices=list(DETECTORS), nargs="*", default=list(DETECTORS))
    parser.add_argument("--here", action="store_true", help="in this process: one detector")
    given = parser.parse_args(arguments)
    if not given.here:
        print(f"| detector | MiB after each tenth of {given.posts:,} posts | MiB for 100,000 |")
        print("| --- | --- | ---: |", flush=True)
        for name in given.only:
            given_on = (f"--{word}={value}" for word, value in vars(given).items() if word in _ON)
            command = [sys.executable, "-m", "bench.flood_memory", "--here", *given_on]
            subprocess.run([*command, "--only", name], check=True)
        return
    known = known_posts(given.data, count=given.known, seed=given.seed)
    for name in given.only:
        rows = curve(name, known, count=given.posts, seed=given.seed)
        cells = " ".join(f"{mib:.0f}" for _, mib in rows)
        print(f"| {name} | {cells} | {slope(rows):+.2f} |", flush=True)


if __name__ == "__main__":
    main()
