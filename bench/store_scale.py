"""How the post stores grow: loading, the console's searches, a monitoring tick, at several sizes.

python -m bench.store_scale [--engine sqlite|elasticsearch] [--sizes 10000,100000,1000000]

For Elasticsearch give --url or FENGSUI_TEST_ELASTICSEARCH_URL; indices fengsui-bench-* are made
anew and deleted. Posts come at the same rate at every size, so that a tick has as much that is new.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_streaming_bulk

from bench.drawn_post import MONITORS, Wording
from bench.real_posts import START, bases, real_posts
from bench.real_texts import DEFAULT_DATA
from bench.timing import Latency
from nlp import search_phrases
from service.clock import SystemClock
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.documents import document
from service.stores.elastic.schema import posts_body
from service.stores.elastic.store import ElasticPostStore
from service.stores.post_store import FacetField, PostQuery, PostStore, SortOrder, StoredPost
from service.stores.sqlite import SqlitePostStore

PREFIX = "fengsui-bench"
HOUR = timedelta(hours=1)
WARM_UP = 10
Ask = Callable[[random.Random], Awaitable[object]]
"""Asks the store once, with other words or another monitor each time."""


def questions(store: PostStore, texts: Sequence[Wording], *, newest: StoredPost) -> dict[str, Ask]:
    """The console's searches, what ingest asks, and one monitoring tick."""
    end = newest.stored_at
    fortnight = end - 14 * 24 * HOUR

    def late(rng: random.Random) -> datetime:
        """Never the same instant: an answer that the engine remembers would measure nothing."""
        return end - timedelta(microseconds=rng.randrange(10**9))

    def mine(rng: random.Random) -> PostQuery:
        return PostQuery(monitors=(rng.choice(MONITORS),), until=late(rng))

    def word(rng: random.Random) -> PostQuery:
        words = [word for word in rng.choice(texts).words if len(word) > 1]
        return PostQuery(text=rng.choice(words) if words else "青柚", until=late(rng))

    async def copies(rng: random.Random) -> None:
        bands = [band for base in rng.sample(texts, 20) for band in base.key.bands]
        await store.find_copies(bands, since=late(rng) - 72 * HOUR)

    async def tick(rng: random.Random) -> None:
        await store.monitors_since(late(rng))
        monitor, until = rng.choice(MONITORS), late(rng)
        for hours in (1, 24):
            await store.segments(monitor, since=until - hours * HOUR, until=until)

    return {
        "newest of all": lambda _rng: store.search(PostQuery()),
        "newest of a monitor": lambda rng: store.search(mine(rng)),
        "a word, newest": lambda rng: store.search(word(rng)),
        "a word, most relevant": lambda rng: store.search(word(rng), sort=SortOrder.RELEVANCE),
        "facets of a monitor": lambda rng: store.facets(mine(rng), fields=tuple(FacetField)),
        "14 days by hour, a monitor": lambda rng: store.histogram(
            mine(rng), interval=HOUR, since=fortnight, until=end
        ),
        "words of a monitor": lambda rng: store.top_terms(mine(rng)),
        "copies of 20 posts": copies,
        "TICK of a monitor": tick,
    }


async def latencies(ask: Ask, *, times: int) -> Latency:
    """Percentiles over calls, one after the other, after some that warm up."""
    rng = random.Random(3)
    took = []
    for turn in range(times + WARM_UP):
        begun = time.perf_counter()
        await ask(rng)
        if turn >= WARM_UP:
            took.append(time.perf_counter() - begun)
    return Latency.of(took)


async def load(store: PostStore, posts: Iterator[StoredPost], *, batch: int) -> tuple[int, float]:
    """(posts, seconds inside the store): making the posts is not counted."""
    stored, seconds = 0, 0.0
    while some := list(islice(posts, batch)):
        begun = time.perf_counter()
        await store.upsert(some)
        seconds += time.perf_counter() - begun
        stored += len(some)
    return stored, seconds


async def helper_rate(url: str, posts: Sequence[StoredPost]) -> float:
    """Posts a second of the client's own bulk helper, with the same documents and mapping."""
    index = f"{PREFIX}-helper"
    client = AsyncElasticsearch(url.split(","))
    await client.options(ignore_status=404).indices.delete(index=index)
    await client.indices.create(index=index, body=posts_body())

    async def actions() -> Any:
        for post in posts:
            yield {"_op_type": "create", "_index": index, "_id": post.id, "_source": document(post)}

    begun = time.perf_counter()
    async for _ in async_streaming_bulk(client, actions(), chunk_size=500):
        pass
    await client.indices.refresh(index=index)
    took = time.perf_counter() - begun
    await client.indices.delete(index=index)
    await client.close()
    return len(posts) / took


async def measure(
    store: PostStore, texts: list[Wording], *, sizes: Sequence[int], batch: int, times: int
) -> None:
    """Load to each size in turn and ask everything."""
    there = 0
    for size in sizes:
        stored, seconds = await load(
            store, real_posts(texts, first=there, count=size - there), batch=batch
        )
        there = size
        (newest,) = real_posts(texts, first=size - 1, count=1)
        print(f"\n{size:,} posts, {(newest.published_at - START).days} days; ", end="")
        print(f"loaded at {stored / seconds:,.0f} posts/s in batches of {batch}")
        print(f"{'':28}{'p50':>8}{'p95':>8}{'p99':>8}  ms")
        for name, ask in questions(store, texts, newest=newest).items():
            print(f"{name:28}{await latencies(ask, times=times)}", flush=True)


@asynccontextmanager
async def opened(engine: str, url: str | None, folder: Path) -> Any:
    """A fresh store of the engine."""
    if engine == "sqlite":
        embedded = SqlitePostStore(folder / "posts.db", query_phrases=search_phrases)
        await embedded.migrate()
        yield embedded
        await embedded.close()
        size = (folder / "posts.db").stat().st_size
        print(f"\n{size / 2**20:,.0f} MiB on disk")
        return
    if url is None:
        raise SystemExit("give --url or FENGSUI_TEST_ELASTICSEARCH_URL")
    cluster = Cluster(url.split(","))
    wildcard = f"/{PREFIX}-*"
    await cluster.call("DELETE", wildcard, params={"ignore_unavailable": "true"}, accept=(404,))
    store = ElasticPostStore(
        cluster, prefix=PREFIX, clock=SystemClock(), query_phrases=search_phrases
    )
    await store.migrate()
    yield store
    stats = await cluster.call("GET", f"{wildcard}/_stats/store")
    size = stats.body["_all"]["primaries"]["store"]["size_in_bytes"]
    print(f"\n{size / 2**20:,.0f} MiB on disk (primaries)")
    await cluster.call("DELETE", wildcard)
    await cluster.call("DELETE", f"/_index_template/{PREFIX}-posts")
    await cluster.call("DELETE", f"/_component_template/{PREFIX}-posts@fengsui")
    await store.close()


async def run(given: argparse.Namespace) -> None:
    """One engine from its first post to the largest size."""
    texts = bases(given.data / "topics" / "weibo_2020.jsonl.gz")
    print(f"{given.engine}; {len(texts):,} real texts, multiplied")
    if given.engine == "elasticsearch" and given.url:
        sample = list(real_posts(texts, first=0, count=given.sample, seed=8))
        rate = await helper_rate(given.url, sample)
        print(f"the client's own bulk helper: {rate:,.0f} posts/s ({len(sample):,} posts)")
    with tempfile.TemporaryDirectory() as folder:
        async with opened(given.engine, given.url, Path(folder)) as store:
            await measure(store, texts, sizes=given.sizes, batch=given.batch, times=given.times)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{memory / 2**10:,.0f} MiB of memory at most, in this process")


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "elasticsearch"], default="sqlite")
    parser.add_argument("--url", default=os.environ.get("FENGSUI_TEST_ELASTICSEARCH_URL"))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        default=[10_000, 100_000],
    )
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--sample", type=int, default=20_000, help="posts for the client's helper")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
