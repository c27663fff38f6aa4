"""What one look at a burning monitor asks of the embedded post store, and how long it takes.

    python -m bench.tick [--hour 50000] [--before 1000]

A day of `--before` posts an hour, then an hour of `--hour` posts, half of them negative; three
looks, a minute apart, posts in between. The first builds the series from the store.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.drawn_post import Wording, drawn_key, drawn_post
from nlp.text.search_tokens import search_phrases
from playbooks import load_library
from service.monitoring import Baselines, Situations
from service.monitors import Monitor
from service.stores.post_store import PostStore, StoredPost
from service.stores.sqlite import SqlitePostStore

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
BURNING = Monitor(
    id="burning", name="", query="*", backfill=None, created_at=NOW, updated_at=NOW, version=1
)


class TimedStore:
    """The store; remembers how often each method was asked and how long it took, in seconds."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self.asked: defaultdict[str, list[float]] = defaultdict(list)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def timed(*given: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return await method(*given, **named)
            finally:
                self.asked[name].append(time.perf_counter() - begun)

        return timed


def posts(since: datetime, until: datetime, count: int, *, seed: int) -> Iterator[StoredPost]:
    """Posts of one monitor at even distances, a fifth of them copies."""
    rng = random.Random(seed)
    wordings = [
        Wording(text, text, (text,), drawn_key(rng, rng.getrandbits(64)))
        for text in (f"退款{number}" for number in range(max(1, count * 4 // 5)))
    ]
    for number in range(count):
        angry = rng.random() < 0.3
        post = drawn_post(
            rng,
            rng.choice(wordings),
            number=number,
            published_at=since + (until - since) * (number / count),
            author=rng.randint(0, count),
            analysis={"emotion": {"label": "angry" if angry else "neutral"}},
        )
        yield replace(
            post,
            monitors=(BURNING.id,),
            sentiment="negative" if angry or rng.random() < 0.3 else "neutral",
        )


async def measure(path: Path, *, hour: int, before: int) -> None:
    """Fill a store and look three times."""
    store = SqlitePostStore(path, query_phrases=search_phrases, durable=False)
    await store.migrate()
    windows = [
        (NOW - 25 * HOUR, NOW - HOUR, 24 * before),
        (NOW - HOUR, NOW, hour),
        (NOW, NOW + MINUTE, hour // 60),
        (NOW + MINUTE, NOW + 2 * MINUTE, hour // 60),
    ]
    library, timed = load_library(), TimedStore(store)
    watched: Any = timed
    situations = Situations(
        store=watched,
        baselines=Baselines(watched, ZoneInfo("Asia/Shanghai")),
        library=lambda: library,
    )
    for place, (since, until, count) in enumerate(windows):
        made = list(posts(since, until, count, seed=place))
        for first in range(0, count, 1_000):
            await store.upsert(made[first : first + 1_000])
        if place == 0:
            continue
        timed.asked.clear()
        begun, worked = time.perf_counter(), time.process_time()
        last_hour = await situations.hour(BURNING.id, until)
        views = await situations.look(
            BURNING, hour=last_hour, standings={}, since=NOW - 25 * HOUR, now=until
        )
        took, used = time.perf_counter() - begun, time.process_time() - worked
        calls = sum(len(each) for each in timed.asked.values())
        print(
            f"\nlook {place}: {calls} calls, {took * 1000:.0f} ms, CPU {used * 1000:.0f} ms, "
            f"{last_hour['*'].posts} posts in the hour, {len(views)} segments"
        )
        for name, times in sorted(timed.asked.items(), key=lambda item: -sum(item[1])):
            print(f"  {name:<12} {len(times):>3} calls {sum(times) * 1000:8.0f} ms")
    await store.close()


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hour", type=int, default=50_000)
    parser.add_argument("--before", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "posts.db"
        asyncio.run(measure(path, hour=given.hour, before=given.before))


if __name__ == "__main__":
    main()
