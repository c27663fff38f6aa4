"""Who of the hour's authors has not been met before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.monitoring.newcomers import MOST, count_newcomers
from service.stores.post_store import PostStore
from tests.support.stored_posts import NOON, stored_post

NOW = NOON + timedelta(minutes=50)


async def test_an_author_of_the_days_before_is_not_new(posts: PostStore) -> None:
    await posts.upsert(
        [
            stored_post(-60 * 24 * 29, author="regular"),
            stored_post(1, author="regular"),
            stored_post(2, author="newcomer"),
            stored_post(3, author="newcomer"),
        ]
    )
    assert await count_newcomers(posts, "tea", None, now=NOW) == 1


@pytest.mark.parametrize(
    ("minutes", "monitors", "new"),
    [(-60 * 24 * 32, ("tea",), 1), (-60 * 24, ("rival",), 1), (-60 * 24, ("tea",), 0)],
)
async def test_old_posts_and_those_of_another_monitor_do_not_count(
    posts: PostStore, minutes: int, monitors: tuple[str, ...], new: int
) -> None:
    before = stored_post(minutes, author="a", monitors=monitors, id="p" + "9" * 23)
    await posts.upsert([before, stored_post(1, author="a")])
    assert await count_newcomers(posts, "tea", None, now=NOW) == new


async def test_who_wrote_of_another_scenario_is_known(posts: PostStore) -> None:
    await posts.upsert(
        [
            stored_post(-120, author="a", id="p" + "9" * 23),
            stored_post(1, author="a", scenario="outage"),
            stored_post(2, author="b", scenario="outage"),
            stored_post(3, author="c"),
        ]
    )
    assert await count_newcomers(posts, "tea", "outage", now=NOW) == 1


async def test_posts_without_authors_tell_nothing(posts: PostStore) -> None:
    await posts.upsert([stored_post(1, author=None)])
    assert await count_newcomers(posts, "tea", None, now=NOW) is None


async def test_a_crowd_is_not_asked_about(posts: PostStore) -> None:
    crowd = [
        stored_post(n, author=f"a{n}", published_at=NOON + timedelta(seconds=n))
        for n in range(MOST + 1)
    ]
    await posts.upsert(crowd)
    assert await count_newcomers(posts, "tea", None, now=NOW) is None
