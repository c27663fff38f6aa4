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

from nlp.text.search_tokens import search_phrases, search_tokens
from service.stores.post_store import FacetField, PostQuery, SortOrder, StoredPost
from service.stores.sqlite import SqlitePostStore

START = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=14)
MONITORS = tuple(f"monitor_{number}" for number in range(20))
SCENARIOS = ("product_quality", "safety_incident", "pricing_refunds", None, None, None, None, None)
CATEGORIES = ("complaint", "quality_defect", "refund_refusal", "regulator", "media_exposure")


def synthetic_posts(count: int, *, seed: int = 7) -> Iterator[StoredPost]:
    """Posts of about 90 characters over a vocabulary with a long tail, evenly over two weeks."""
    rng = random.Random(seed)
    words = ["".join(chr(rng.randint(0x4E00, 0x6FFF)) for _ in range(2)) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    for number in range(count):
        picked = rng.choices(words, weights, k=45)
        scenario = rng.choice(SCENARIOS)
        simhash = rng.getrandbits(64)
        published_at = START + SPAN * (number / count)
        yield StoredPost(
            id=f"{rng.getrandbits(96):024x}",
            source=rng.choice(("weibo", "xiaohongshu", "appstore", "news:example")),
            native_id=str(number),
            via="push",
            channel=rng.choice(("social", "social", "social", "news")),
            published_at=published_at,
            fetched_at=published_at + timedelta(seconds=30),
            stored_at=published_at + timedelta(seconds=31),
            text="".join(picked),
            content_hash=f"{rng.getrandbits(96):024x}",
            author=f"au_{rng.randint(0, count // 3):020x}",
            followers=int(rng.paretovariate(0.8)) * 20,
            verified=rng.random() < 0.05,
            reposts=rng.randint(0, 40),
            comments=rng.randint(0, 40),
            likes=rng.randint(0, 400),
            lang="zh",
            monitors=tuple(sorted(rng.sample(MONITORS, k=rng.choice((1, 1, 1, 2))))),
            sentiment=rng.choice(("negative", "neutral", "positive")),
            severity=rng.choice((0, 0, 0, 1, 2, 3, 4)) if scenario else 0,
            scenario=scenario,
            categories=tuple(rng.sample(CATEGORIES, k=rng.randint(0, 2))) if scenario else (),
            copy_group=f"{simhash:016x}",
            copy_bands=tuple(f"{band}:{simhash >> (16 * band) & 0xFFFF:04x}" for band in range(4)),
            simhash=simhash,
            search_tokens=search_tokens("".join(picked)),
            words=tuple(picked),
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
