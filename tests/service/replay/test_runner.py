"""The player: posts at their own instants, jobs when due, a tail of a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.clock import VirtualClock
from service.coverage import Coverage, Schedule
from service.db import Database
from service.replay import Replay, ReplayResult, Stream, build_answer
from service.replay.runner import TAIL
from service.stores.post_store import PostStore
from tests.support.clock import START, SteppingClock
from tests.support.ingest_scene import IngestScene, open_posts

MINUTE = timedelta(minutes=1)


class Hourly:
    """A job that is due every hour and keeps when it ran."""

    name = "hourly"

    def __init__(self, start: datetime) -> None:
        self.next = start + timedelta(hours=1)
        self.ran: list[datetime] = []

    async def next_at(self) -> datetime | None:
        return self.next

    async def run(self, now: datetime) -> int:
        self.ran.append(now)
        self.next += timedelta(hours=1)
        return 1


@pytest.fixture
def hourly() -> Hourly:
    return Hourly(START)


def unwatched(database: Database) -> Coverage:
    """Coverage of an installation without any feed; without posts no store is asked."""

    async def none() -> dict[str, Schedule]:
        return {}

    store: Any = None
    return Coverage(database=database, store=store, clock=SteppingClock(), schedules=none)


async def play(
    folder: Path, database: Database, clock: SteppingClock, hourly: Hourly
) -> tuple[ReplayResult, PostStore]:
    async with open_posts(folder) as store:
        scene = IngestScene(database, clock, store)
        posts = [
            scene.post(number, f"青柚茶{number}", published_at=START + minutes * MINUTE)
            for number, minutes in enumerate((0, 0.5, 90, 90))
        ]
        doubled = Stream((*posts, posts[-1]), ())
        result = await Replay(clock=clock, ingest=scene.ingest, jobs=[hourly]).run(doubled)
        return result, store


async def test_every_post_is_counted_and_a_repeat_stored_once(
    tmp_path: Path, sqlite_database: Database, clock: SteppingClock, hourly: Hourly
) -> None:
    result, _ = await play(tmp_path, sqlite_database, clock, hourly)
    assert (result.posts, result.stored) == (5, 4)
    assert result.lags_s == (30.0, 0.0, 0.0, 0.0, 0.0)
    assert result.seconds > 0


async def test_jobs_run_at_their_own_instants_until_a_week_after_the_last_post(
    tmp_path: Path, sqlite_database: Database, clock: SteppingClock, hourly: Hourly
) -> None:
    await play(tmp_path, sqlite_database, clock, hourly)
    end = START + 90 * MINUTE + TAIL
    assert clock.now() == end
    assert hourly.ran == [START + timedelta(hours=number) for number in range(1, 1 + 24 * 7 + 1)]


async def test_a_shorter_tail_ends_sooner(sqlite_database: Database, tmp_path: Path) -> None:
    clock = VirtualClock(START)
    async with open_posts(tmp_path) as store:
        scene = IngestScene(sqlite_database, SteppingClock(), store)
        stream = Stream((scene.post(1, "青柚茶", published_at=START),), ())
        player = Replay(clock=clock, ingest=scene.ingest, jobs=[], tail=MINUTE)
        await player.run(stream)
    assert clock.now() == START + MINUTE


async def test_a_replay_in_which_nothing_happened_has_an_answer(
    sqlite_database: Database,
) -> None:
    result = ReplayResult(posts=0, stored=0, seconds=0.0, lags_s=())
    answer = await build_answer(
        sqlite_database, Stream((), ()), result, [], coverage=unwatched(sqlite_database)
    )
    nothing = {"p50": None, "p95": None, "p99": None}
    assert answer == {
        "incidents": [],
        "alerts": [],
        "coverage": {},
        "lag": {"stored": nothing, "detected": nothing, "delivered": nothing},
        "totals": {"posts": 0, "seconds": 0.0, "posts_per_second": 0.0},
    }


async def test_lags_are_by_nearest_rank(sqlite_database: Database) -> None:
    lags = tuple(float(number) for number in range(100, 0, -1))
    result = ReplayResult(posts=100, stored=100, seconds=0.5, lags_s=lags)
    answer = await build_answer(
        sqlite_database, Stream((), ()), result, [], coverage=unwatched(sqlite_database)
    )
    assert answer["lag"]["stored"] == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert answer["totals"]["posts_per_second"] == 200.0


async def test_what_looks_for_silence_ends_with_the_stream(
    tmp_path: Path, sqlite_database: Database, clock: SteppingClock, hourly: Hourly
) -> None:
    watch = Hourly(START)
    async with open_posts(tmp_path) as store:
        scene = IngestScene(sqlite_database, clock, store)
        posts = [
            scene.post(number, f"青柚茶{number}", published_at=START + minutes * MINUTE)
            for number, minutes in enumerate((0, 90))
        ]
        stream = Stream(tuple(posts), ())
        await Replay(clock=clock, ingest=scene.ingest, jobs=[hourly], watches=[watch]).run(stream)
    assert watch.ran == [START + 60 * MINUTE, stream.end], "once more at the last post, never after"
    assert hourly.ran[-1] > stream.end
