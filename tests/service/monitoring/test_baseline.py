"""What an hour usually brings: followed from the store, late posts and restarts included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.monitoring.baseline import WHOLE, Baseline, Baselines
from service.monitoring.facts import EMPTY
from service.stores.post_store import PostStore
from tests.support.clock import START
from tests.support.stored_posts import stored_post

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ANGRY: Mapping[str, Any] = {"emotion": {"label": "angry"}}


async def put(posts: PostStore, number: int, at: datetime, **changes: Any) -> None:
    post = stored_post(number, published_at=at, fetched_at=at, stored_at=at, **changes)
    await posts.upsert([post])


async def put_days(posts: PostStore, days: int, *, at_once: int = 1) -> None:
    """A post every three hours of so many days, more at the hour of START."""
    every = [START + number * 3 * HOUR for number in range(days * 8)]
    await posts.upsert(
        [
            stored_post(100 * n + k, published_at=at, fetched_at=at, stored_at=at)
            for n, at in enumerate(every)
            for k in range(at_once + 3 * (at.hour == START.hour))
        ]
    )


async def followed(
    baselines: Baselines,
    now: datetime,
    *,
    monitor: str = "tea",
    scenario: str = WHOLE,
    hour: int = 0,
    latest: int = 0,
) -> Baseline:
    await baselines.follow(monitor, since=START, now=now)
    counts = replace(EMPTY, posts=hour, negative=hour), replace(EMPTY, posts=latest)
    return baselines.baseline(monitor, scenario, hour=counts[0], latest=counts[1], now=now)


async def test_a_new_monitor_has_no_history(posts: PostStore) -> None:
    found = await followed(Baselines(posts, SHANGHAI), START)
    history = found.history
    assert (history.posts, history.negative, history.angry, history.length_h) == ((), (), (), 0)
    assert found.posts.expected is None


async def test_closed_hours_count_and_the_running_one_does_not(posts: PostStore) -> None:
    await put(posts, 1, START + 10 * MINUTE, sentiment="negative", analysis=ANGRY)
    await put(posts, 2, START + 20 * MINUTE)
    await put(posts, 3, START + HOUR + 5 * MINUTE)
    history = (await followed(Baselines(posts, SHANGHAI), START + HOUR + 30 * MINUTE)).history
    assert (history.posts, history.negative, history.angry) == ((2,), (1,), (1,))
    assert history.length_h == 1


async def test_a_scenario_has_a_series_of_its_own(posts: PostStore) -> None:
    await put(posts, 1, START, scenario="outage")
    await put(posts, 2, START)
    baselines, now = Baselines(posts, SHANGHAI), START + HOUR + 10 * MINUTE
    outage = await followed(baselines, now, scenario="outage")
    whole = await followed(baselines, now)
    unheard = await followed(baselines, now, scenario="recall")
    other = await followed(baselines, now, monitor="coffee")
    seen = [found.history.posts for found in (outage, whole, unheard, other)]
    assert seen == [(1,), (2,), (0,), (0,)]


async def test_posts_that_come_late_still_count(posts: PostStore) -> None:
    baselines = Baselines(posts, SHANGHAI)
    first = await followed(baselines, START + HOUR + 10 * MINUTE)
    assert first.history.posts == (0,)
    await put(posts, 1, START + 5 * MINUTE)
    later = await followed(baselines, START + 2 * HOUR + 10 * MINUTE)
    assert later.history.posts == (1, 0)


async def test_with_days_of_history_only_the_same_time_of_day_is_shown(posts: PostStore) -> None:
    for day in range(6):
        await put(posts, day, START + day * DAY)
    baselines, now = Baselines(posts, SHANGHAI), START + 6 * DAY + 10 * MINUTE
    shown = (await followed(baselines, now)).history
    assert shown.length_h == 6 * 24
    assert sum(shown.posts) == 6
    assert len(shown.posts) <= 3 * 6
    night = (await followed(baselines, now + 14 * HOUR)).history
    assert sum(night.posts) == 0
    assert len(night.posts) > 0


async def test_of_a_long_past_two_weeks_are_kept(posts: PostStore) -> None:
    await put(posts, 1, START)
    found = await followed(Baselines(posts, SHANGHAI), START + 30 * DAY)
    assert found.history.length_h == 14 * 24
    assert sum(found.history.posts) == 0


@pytest.mark.parametrize("minutes", [3, 17, 40])
async def test_a_restart_comes_to_the_same_scores(posts: PostStore, minutes: int) -> None:
    await put_days(posts, 9)
    now = START + 9 * DAY + minutes * MINUTE
    running = Baselines(posts, SHANGHAI)
    for hours in (200, 40, 13, 12, 3, 2, 1):
        await followed(running, now - hours * HOUR)
    there = await followed(running, now, hour=30, latest=12)
    assert there == await followed(Baselines(posts, SHANGHAI), now, hour=30, latest=12)
    assert there.posts.score > 0.9


async def test_a_scenario_that_is_new_is_held_against_its_silence(posts: PostStore) -> None:
    await put_days(posts, 5)
    now = START + 5 * DAY + 15 * MINUTE
    running = Baselines(posts, SHANGHAI)
    await followed(running, now - HOUR)
    await put(posts, 90_001, now - 12 * MINUTE, scenario="outage")
    there = await followed(running, now, scenario="outage", hour=1, latest=0)
    fresh = await followed(Baselines(posts, SHANGHAI), now, scenario="outage", hour=1, latest=0)
    assert there == fresh
    assert there.posts.expected is not None
    assert there.posts.expected < 0.5


async def test_series_are_built_anew_every_monday(posts: PostStore) -> None:
    await put_days(posts, 25)
    monday = START + (28 - START.weekday()) * DAY
    running = Baselines(posts, SHANGHAI)
    for now in (monday - 5 * DAY, monday, monday + 9 * HOUR):
        there = await followed(running, now, hour=20, latest=11)
        assert there == await followed(Baselines(posts, SHANGHAI), now, hour=20, latest=11)


async def test_what_is_forgotten_is_read_again(posts: PostStore) -> None:
    baselines = Baselines(posts, SHANGHAI)
    now = START + 9 * HOUR
    await followed(baselines, now)
    await put(posts, 1, START + 5 * MINUTE)
    assert sum((await followed(baselines, now)).history.posts) == 0
    baselines.forget("tea")
    assert sum((await followed(baselines, now)).history.posts) == 1


async def test_the_hour_of_the_day_is_learned(posts: PostStore) -> None:
    await put_days(posts, 14, at_once=2)
    baselines = Baselines(posts, SHANGHAI)
    loud = await followed(baselines, START + 14 * DAY + 30 * MINUTE)
    quiet = await followed(baselines, START + 14 * DAY + 8 * HOUR)
    assert loud.posts.expected is not None
    assert quiet.posts.expected is not None
    assert loud.posts.expected > 2 * quiet.posts.expected


async def test_a_usual_day_is_the_median_of_those_before_the_last(posts: PostStore) -> None:
    await put_days(posts, 5)
    storm = [
        stored_post(9_000 + n, published_at=at, fetched_at=at, stored_at=at)
        for n, at in enumerate([START + 30 * HOUR] * 300)
    ]
    await posts.upsert(storm)
    found = await followed(Baselines(posts, SHANGHAI), START + 5 * DAY)
    assert found.history.usual_day is not None
    usual, *_ = found.history.usual_day
    assert 8 <= usual <= 12


async def test_three_days_make_no_usual_day_yet(posts: PostStore) -> None:
    await put_days(posts, 3)
    found = await followed(Baselines(posts, SHANGHAI), START + 3 * DAY)
    assert found.history.usual_day is None
