"""How fast the embedded post store writes and answers: synthetic posts, a table of figures.

python -m bench.store [--posts 100000] [--batch 200] [--durable]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.drawn_post import MONITORS, Wording, drawn_key, drawn_post
from nlp.text.search_tokens import search_phrases
from service.stores.post_store import FacetField, PostQuery, SortOrder, StoredPost
from service.stores.sqlite import SqlitePostStore

START = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=14)


def synthetic_posts(count: int, *, seed: int = 7) -> Iterator[StoredPost]:
    """Posts of about 90 characters over a vocabulary with a long tail, evenly over two weeks."""
    rng = random.Random(seed)
    words = ["".join(chr(rng.randint(0x4E00, 0x6FFF)) for _ in range(2)) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    for number in range(count):
        picked = tuple(rng.choices(words, weights, k=45))
        text = "".join(picked)
        yield drawn_post(
            rng,
            Wording(text, text, picked, drawn_key(rng, rng.getrandbits(64))),
            number=number,
            published_at=START + SPAN * (number / count),
            author=rng.randint(0, count // 3),
            analysis={
                "sentiment": {"label": "neutral", "scores": {"negative": 0.2, "neutral": 0.8}},
                "hits": [{"term": picked[0], "category": "complaint", "start": 0, "end": 2}] * 3,
                "versions": {"lexicon": "a" * 16, "normalizer": "1"},
            },
        )


def stored_bytes(path: Path) -> int:
    """Size of the file, without its log."""
    return path.stat().st_size


async def timed(name: str, call: Callable[[], Awaitable[object]], *, times: int = 30) -> None:
    """Print median and worst of some calls, and the CPU time, which other work does not stretch."""
    took, used = [], []
    for _ in range(times):
        begun, worked = time.perf_counter(), time.process_time()
        await call()
        took.append((time.perf_counter() - begun) * 1_000)
        used.append((time.process_time() - worked) * 1_000)
    cpu = statistics.median(used)
    print(f"{name:<44} {statistics.median(took):8.2f} ms  worst {max(took):8.2f}  CPU {cpu:8.2f}")


async def measure(path: Path, *, count: int, batch: int, durable: bool) -> None:
    """Fill a store, then ask it what the service asks."""
    posts = list(synthetic_posts(count))
    store = SqlitePostStore(path, query_phrases=search_phrases, durable=durable)
    await store.migrate()
    begun, worked = time.perf_counter(), time.process_time()
    for first in range(0, count, batch):
        await store.upsert(posts[first : first + batch])
    took, used = time.perf_counter() - begun, time.process_time() - worked
    size = stored_bytes(path) / count
    print(
        f"upsert new, batches of {batch}: {count / took:.0f} posts/s, "
        f"{count / used:.0f} per CPU second, {size:.0f} bytes/post"
    )
    again = posts[: min(count, 20_000)]
    begun = time.perf_counter()
    for first in range(0, len(again), batch):
        await store.upsert(again[first : first + batch])
    print(f"upsert unchanged {len(again) / (time.perf_counter() - begun):9.0f} posts/s")
    end, monitor = posts[-1].published_at, MONITORS[0]
    rate = count * 1.25 / len(MONITORS) / (SPAN / timedelta(hours=1))
    for size in (50, 500, 5_000):
        since = end - timedelta(hours=size / rate)
        found = await store.segments(monitor, since=since, until=end)
        whole = found["*"].posts if found else 0
        await timed(
            f"segments of a window of {whole} posts",
            lambda since=since: store.segments(monitor, since=since, until=end),  # type: ignore[misc]
        )
    mine = PostQuery(monitors=(monitor,))
    word = posts[-1].text[:2]
    hour = timedelta(hours=1)
    await timed(
        "histogram, 14 days by hour, one monitor",
        lambda: store.histogram(mine, interval=hour, since=START, until=START + SPAN),
    )
    await timed("count, one monitor", lambda: store.count(mine))
    await timed("search newest, one monitor", lambda: store.search(mine))
    await timed("search newest, everything", lambda: store.search(PostQuery()))
    text = PostQuery(text=word)
    await timed(f"search a word ({await store.count(text)} matches)", lambda: store.search(text))
    await timed("search a word by relevance", lambda: store.search(text, sort=SortOrder.RELEVANCE))
    await timed("top terms, one monitor", lambda: store.top_terms(mine), times=5)
    await timed(
        "facets, one monitor", lambda: store.facets(mine, fields=tuple(FacetField)), times=5
    )
    await timed("monitors since", lambda: store.monitors_since(end - timedelta(minutes=1)))
    await timed(
        "find copies", lambda: store.find_copies(posts[5].copy_bands, since=end - timedelta(days=3))
    )
    begun = time.perf_counter()
    gone = await store.delete_before(START + SPAN / 10)
    print(f"retention {gone / (time.perf_counter() - begun):9.0f} posts/s")
    await store.close()


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--durable", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "posts.db"
        asyncio.run(measure(path, count=given.posts, batch=given.batch, durable=given.durable))


if __name__ == "__main__":
    main()
