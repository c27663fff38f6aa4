"""What finding copies costs a store: milliseconds for 1,000 posts, with and without.

    python -m bench.copies_cost [--engine sqlite|elasticsearch] [--posts 20000] [--batch 200]

Three runs over the same posts into a store made anew: without bands, nothing asked; with sixteen
bands kept, nothing asked; with bands kept and the copy group of each post looked up before, as
ingest does. Making the posts is not counted. For Elasticsearch give --url or
FENGSUI_TEST_ELASTICSEARCH_URL; indices fengsui-bench-* are made anew and deleted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bench.real_posts import bases, real_posts
from bench.real_texts import DEFAULT_DATA
from bench.store_scale import opened
from nlp import CopyKey
from service.ingest.copies import CopyGroups
from service.stores.post_store import PostStore, StoredPost

WAYS = ("without bands", "bands kept", "bands kept and asked")


async def cost(
    store: PostStore, posts: Iterable[StoredPost], *, way: str, batch: int
) -> tuple[float, float]:
    """(seconds of asking, seconds of storing)."""
    groups = CopyGroups(store)
    asking = storing = 0.0
    following: Iterator[StoredPost] = iter(posts)
    while some := list(islice(following, batch)):
        if way == WAYS[0]:
            some = [replace(post, copy_bands=()) for post in some]
        elif way == WAYS[2]:
            begun = time.perf_counter()
            found = await groups.resolve([_key(post) for post in some], now=some[-1].published_at)
            asking += time.perf_counter() - begun
            some = [
                replace(post, copy_group=group) for post, group in zip(some, found, strict=True)
            ]
        begun = time.perf_counter()
        await store.upsert(some)
        storing += time.perf_counter() - begun
    return asking, storing


def _key(post: StoredPost) -> CopyKey:
    return CopyKey(exact=post.copy_group, simhash=post.simhash, bands=post.copy_bands)


async def run(given: argparse.Namespace) -> None:
    """Prints a row for each way."""
    texts = bases(given.data / "topics" / "weibo_2020.jsonl.gz")
    posts: Sequence[StoredPost] = list(real_posts(texts, first=0, count=given.posts))
    bands = sum(len(post.copy_bands) for post in posts) / len(posts)
    print(f"{given.engine}, {len(posts):,} posts with {bands:.1f} bands each, batches of", end="")
    print(f" {given.batch}\n{'ms for 1,000 posts':22}{'asking':>8}{'storing':>9}{'whole':>8}")
    for way in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            async with opened(given.engine, given.url, Path(folder)) as store:
                asking, storing = await cost(store, posts, way=way, batch=given.batch)
        a, s = (1e6 * seconds / len(posts) for seconds in (asking, storing))
        print(f"{way:22}{a:8.0f}{s:9.0f}{a + s:8.0f}", flush=True)


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "elasticsearch"], default="sqlite")
    parser.add_argument("--url", default=os.environ.get("FENGSUI_TEST_ELASTICSEARCH_URL"))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=200)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
