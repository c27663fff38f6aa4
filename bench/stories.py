"""Stories against labels, their speed, and what they hold in memory.

    python -m bench.stories [--data ../shared/data] [--scale 1.0] [--posts 1000000]

Groups of near-duplicates are exact ones here. The encoder runs before the clock does. Baseline: one
pass, a post joins the nearest centroid of its embedding when the cosine is high enough; its
threshold is the best of a few for each stream, which no installation could know.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as the targets say; before numpy

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from bench.clustering import agreement
from bench.memory import resident
from bench.story_sets import START, LabelledStream, cascades, demo, paraphrases
from nlp import load_analyzer
from nlp.stories import Changes, Merge, Split, Stories, StoryPost, ngram_vector, restored, saved

BATCH = 256
_THRESHOLDS = (0.75, 0.80, 0.85, 0.90)
_WINDOW_S = 72 * 3_600.0


def ours(posts: Sequence[StoryPost]) -> tuple[dict[str, str], float]:
    """(story of each post, CPU seconds); a post in none is alone."""
    stories = Stories()
    homes: dict[str, str] = {}
    groups = {post.id: post.copy_group or post.id for post in posts}
    spent = 0.0
    for start in range(0, len(posts), BATCH):
        batch = posts[start : start + BATCH]
        begun = time.process_time()
        changes = stories.add(batch, now=batch[-1].at)
        spent += time.process_time() - begun
        follow(homes, changes, groups)
    return homes, spent


def follow(homes: dict[str, str], changes: Changes, groups: Mapping[str, str]) -> None:
    """Keep homes as a table of posts would."""
    for item in changes.placements:
        homes[item.post] = item.story or item.post
    for change in changes.regroupings:
        if isinstance(change, Merge):
            for post, home in homes.items():
                if home == change.gone.id:
                    homes[post] = change.into.id
        elif isinstance(change, Split):
            moved = set(change.groups)
            for post, home in homes.items():
                if home == change.origin.id and groups[post] in moved:
                    homes[post] = change.part.id


def baseline(posts: Sequence[StoryPost], *, threshold: float) -> dict[str, str]:
    """Single pass over embeddings alone, with running means, over the window of three days."""
    homes: dict[str, str] = {}
    width = next(len(post.vector) for post in posts if post.vector is not None)
    sums, last = np.zeros((len(posts), width), np.float32), np.zeros(len(posts))
    unit = np.zeros_like(sums)
    names: list[str] = []
    for post in posts:
        if post.shares in homes:
            homes[post.id] = homes[post.shares]
            continue
        if post.vector is None:
            homes[post.id] = post.id
            continue
        at = post.at.timestamp()
        count = len(names)
        cosines = unit[:count] @ post.vector
        cosines[at - last[:count] > _WINDOW_S] = -1
        place = int(np.argmax(cosines)) if count else -1
        if place < 0 or cosines[place] < threshold:
            place = count
            names.append(post.id)
        sums[place] += post.vector
        unit[place] = sums[place] / np.linalg.norm(sums[place])
        last[place] = at
        homes[post.id] = names[place]
    return homes


def show(stream: LabelledStream) -> None:
    """Print the rows of one stream."""
    found, spent = ours(stream.posts)
    rows = [("stories", found, f"{len(stream.posts) / spent:,.0f}")]
    tried = [(baseline(stream.posts, threshold=t), t) for t in _THRESHOLDS]
    best, threshold = max(tried, key=lambda item: agreement(item[0], stream.labels).f1)
    rows.append((f"single pass {threshold:.2f}", best, ""))
    for name, homes, speed in rows:
        whole = agreement(homes, stream.labels)
        inside = agreement(homes, stream.labels, of=stream.in_stories)
        print(
            f"| {stream.name} | {name} | {len(stream.posts):,} | {whole.purity:.3f} | "
            f"{whole.f1:.3f} | {whole.rand:.3f} | {inside.precision:.3f} | {inside.recall:.3f} | "
            f"{speed} |",
            flush=True,
        )


def endless(posts: Sequence[StoryPost], *, count: int) -> Iterator[list[StoryPost]]:
    """Posts over and over with new ids, other words and turned vectors, at 20,000 a day."""
    rng = np.random.default_rng(7)
    with_vectors = [post for post in posts if post.vector is not None]
    for start in range(0, count, BATCH):
        batch = []
        for number in range(start, min(count, start + BATCH)):
            post = with_vectors[int(rng.integers(len(with_vectors)))]
            vector, own = post.vector, number % 3 == 0
            if own and vector is not None:
                vector = vector + rng.normal(size=len(vector)).astype(np.float32) * 0.03
            batch.append(
                replace(
                    post,
                    id=f"e{number}",
                    at=START + timedelta(days=number / 20_000),
                    vector=vector,
                    terms=(*post.terms, f"词{number // 2_000}") if own else post.terms,
                    copy_group=f"g{number}" if own else f"{post.copy_group}{number // 40_000}",
                    shares=None,
                )
            )
        yield batch


def endurance(posts: Sequence[StoryPost], *, count: int) -> None:
    """Print memory and speed over a long stream."""
    stories, spent, done = Stories(), 0.0, 0
    print("\n| posts | MiB | stories and seeds | posts/s since the row before |")
    print("| ---: | ---: | ---: | ---: |")
    step, before = max(BATCH, count // 10), (0, 0.0)
    for batch in endless(posts, count=count):
        begun = time.process_time()
        stories.add(batch, now=batch[-1].at)
        spent += time.process_time() - begun
        done += len(batch)
        if done - before[0] >= step:
            speed = (done - before[0]) / (spent - before[1])
            print(
                f"| {done:,} | {resident().now:.0f} | {len(stories):,} | {speed:,.0f} |", flush=True
            )
            before = done, spent
    sizes = [len(saved(story, stories.mean(story)).mean) for story in stories.living[:1]]
    back = restored(saved(stories.living[0], stories.mean(stories.living[0])))[0]
    print(f"\na mean is kept in {sizes[0]:,} bytes; {back.id} was kept and restored")


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--scale", type=float, default=1.0, help="share of the labelled posts")
    parser.add_argument("--posts", type=int, default=1_000_000, help="length of the long stream")
    given = parser.parse_args()
    if not (given.data / "topics/weibo_2020.jsonl.gz").is_file():
        parser.error(f"{given.data} has no topics/weibo_2020.jsonl.gz; name another --data")
    analyzer = load_analyzer()

    def sized(count: int) -> int:
        return max(4, int(count * given.scale))

    mixed = cascades(given.data, analyzer, count=sized(40), background=sized(3_000), longest=120)
    said = paraphrases(given.data, analyzer, count=sized(150), background=sized(2_000))
    ngrams = [replace(p, vector=ngram_vector("".join(p.terms)), space="ngrams") for p in said.posts]
    print("| stream | method | posts | purity | B³ F1 | ARI | B³ P in stories | R | posts/s |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    bundled = demo(analyzer)
    for stream in (
        mixed,
        mixed.without_links(),
        said,
        replace(said, name="paraphrases, no model", posts=ngrams),
        bundled,
    ):
        show(stream)
    endurance([*mixed.posts, *said.posts], count=given.posts)


if __name__ == "__main__":
    main()
