"""What the board of indicators costs: a month of one monitor's posts in the embedded store.

python -m bench.indicators [--posts 100000]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.drawn_post import Wording, drawn_key, drawn_post
from bench.store import timed
from nlp.text.search_tokens import search_phrases
from service.auth import SYSTEM, KeyRing
from service.bootstrap.ground import prepare
from service.clock import VirtualClock
from service.db import Database
from service.indicators import (
    Bucket,
    Changes,
    Earlier,
    IndicatorBoard,
    IndicatorWatch,
    Measure,
    Surroundings,
    Window,
    earlier,
)
from service.monitors import BrandDraft, BrandKind, Brands, MonitorDraft, Monitors
from service.settings import load_settings
from service.stores import StoredPost
from service.stores.sqlite import SqlitePostStore

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=30)
_BATCH = 500
_EMOTIONS = ("neutral", "happy", "angry", "sad", "fear")
_INTENTS = ("complaint", "question", "praise", "other")


def drawn(rng: random.Random, number: int, count: int) -> StoredPost:
    """One post of the last two months, half of them in each; every eighth is the rival's."""
    words = tuple(f"词{rng.randint(0, 5_000)}" for _ in range(6))
    text = "".join(words)
    post = drawn_post(
        rng,
        Wording(text, text, words, drawn_key(rng, rng.getrandbits(64))),
        number=number,
        published_at=UNTIL - 2 * SPAN + 2 * SPAN * (number / count),
        author=rng.randint(0, count // 3),
        analysis={
            "emotion": {"label": rng.choice(_EMOTIONS)},
            "intent": {"label": rng.choice(_INTENTS)},
            "topics": [{"version": 1, "topic": rng.choice((None, *range(20)))}],
        },
    )
    return replace(post, monitors=("rival",) if number % 8 == 0 else ("mine",))


async def _topics(monitor: str) -> str | None:
    return "1"


async def measure(folder: Path, *, posts: int) -> None:
    """`posts` of one monitor in the month looked at, as many in the month before it."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'state.db'}", durable=False)
    store = SqlitePostStore(folder / "posts.db", query_phrases=search_phrases, durable=False)
    await prepare(database, store)
    clock = VirtualClock(UNTIL)
    ring = KeyRing.from_secret("a secret for the measurement alone, of no use elsewhere")
    monitors, brands = Monitors(database, clock, ring), Brands(database, clock, ring)
    for brand, kind in (("own", BrandKind.OWN), ("other", BrandKind.COMPETITOR)):
        await brands.put(SYSTEM, BrandDraft(id=brand, name=brand, kind=kind))
    for monitor, brand in (("mine", "own"), ("rival", "other")):
        await monitors.put(
            SYSTEM, MonitorDraft(id=monitor, name=monitor, query="词", brand_id=brand)
        )
    rng = random.Random(7)
    count = posts * 2 * 8 // 7
    for first in range(0, count, _BATCH):
        last = min(first + _BATCH, count)
        await store.upsert([drawn(rng, number, count) for number in range(first, last)])
    zone = load_settings({}).zone
    surroundings = Surroundings(monitors=monitors, brands=brands, active_topics=_topics)
    board = IndicatorBoard(
        database=database, store=store, clock=clock, zone=zone, surroundings=surroundings
    )
    month = Window(since=UNTIL - SPAN, until=UNTIL)
    (volume, *_) = await board.readings(SYSTEM, "mine", month, compared=())
    print(f"posts of the monitor in 30 days: {volume.figure.n}")
    await timed(
        "15 indicators, 30 days",
        lambda: board.readings(SYSTEM, "mine", month, compared=()),
        times=3,
    )
    await timed(
        "and the three earlier windows", lambda: board.readings(SYSTEM, "mine", month), times=3
    )
    await timed(
        "and 30 days one by one",
        lambda: board.readings(SYSTEM, "mine", month, bucket=Bucket.DAY),
        times=3,
    )
    changes = Changes(store=store, surroundings=surroundings)
    before = earlier(month, Earlier.PREVIOUS, zone=zone)
    await timed(
        "attribution of the negative share",
        lambda: changes.explain(
            SYSTEM, ["mine"], Measure.NEGATIVE_SHARE, before=before, after=month
        ),
        times=3,
    )
    watch = IndicatorWatch(
        database=database, clock=clock, board=board, surroundings=surroundings, owner="bench"
    )
    await timed("a look of the watch, two monitors", lambda: watch.run(UNTIL), times=3)
    await store.close()
    await database.close()


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(Path(directory), posts=given.posts))


if __name__ == "__main__":
    main()
