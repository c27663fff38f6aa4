"""What an hour usually brings: comparable closed hours, late posts included."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.monitoring.baseline import WHOLE, Baselines
from service.stores.post_store import PostStore
from tests.support.clock import START
from tests.support.stored_posts import stored_post

HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def put(posts: PostStore, number: int, at: datetime, **changes: Any) -> None:
    post = stored_post(number, published_at=at, fetched_at=at, stored_at=at, **changes)
    await posts.upsert([post])


async def test_a_new_monitor_has_no_history(posts: PostStore) -> None:
    baselines = Baselines(posts, SHANGHAI)
    found = await baselines.history("tea", WHOLE, since=START, now=START)
    assert (found.posts, found.negative, found.length_h) == ((), (), 0)


async def test_closed_hours_count_and_the_running_one_does_not(posts: PostStore) -> None:
    await put(posts, 1, START + timedelta(minutes=10), sentiment="negative")
    await put(posts, 2, START + timedelta(minutes=20))
    await put(posts, 3, START + HOUR + timedelta(minutes=5))
    found = await Baselines(posts, SHANGHAI).history(
        "tea", WHOLE, since=START, now=START + HOUR + timedelta(minutes=30)
    )
    assert (found.posts, found.negative, found.length_h) == ((2,), (1,), 1)


async def test_a_scenario_has_a_history_of_its_own(posts: PostStore) -> None:
    await put(posts, 1, START, scenario="outage")
    await put(posts, 2, START)
    baselines = Baselines(posts, SHANGHAI)
    found = await baselines.history("tea", "outage", since=START, now=START + HOUR)
    whole = await baselines.history("tea", WHOLE, since=START, now=START + HOUR)
    other = await baselines.history("coffee", WHOLE, since=START, now=START + HOUR)
    assert (found.posts, whole.posts, other.posts) == ((1,), (2,), (0,))


async def test_posts_that_come_late_still_count(posts: PostStore) -> None:
    baselines = Baselines(posts, SHANGHAI)
    first = await baselines.history("tea", WHOLE, since=START, now=START + HOUR)
    assert first.posts == (0,)
    await put(posts, 1, START + timedelta(minutes=5))
    later = await baselines.history("tea", WHOLE, since=START, now=START + 2 * HOUR)
    assert later.posts == (1, 0)


async def test_with_days_of_history_only_the_same_time_of_day_counts(posts: PostStore) -> None:
    for day in range(6):
        await put(posts, day, START + timedelta(days=day))
    now = START + timedelta(days=6)
    found = await Baselines(posts, SHANGHAI).history("tea", WHOLE, since=START, now=now)
    assert found.length_h == 6 * 24
    assert sum(found.posts) == 6
    assert len(found.posts) <= 3 * 6
    midnight = now + timedelta(hours=14)
    night = await Baselines(posts, SHANGHAI).history("tea", WHOLE, since=START, now=midnight)
    assert sum(night.posts) == 0
    assert len(night.posts) > 0


async def test_two_weeks_are_kept_and_no_more(posts: PostStore) -> None:
    await put(posts, 1, START)
    now = START + timedelta(days=30)
    found = await Baselines(posts, SHANGHAI).history("tea", WHOLE, since=START, now=now)
    assert found.length_h == 14 * 24
    assert sum(found.posts) == 0
