"""Who writes for a monitor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM
from service.errors import NotFound
from service.indicators import AuthorBook, Window
from service.indicators.authors import active_hours, figures, posts_each
from service.settings import load_settings
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

WINDOW = Window(since=START - DAY, until=START)
YESTERDAY = DAY + DAY / 2


def book(scene: IndicatorScene, *, most: int = 20_000) -> AuthorBook:
    return AuthorBook(
        store=scene.store,
        surroundings=scene.surroundings,
        zone=load_settings({}).zone,
        most=most,
    )


async def test_new_and_returning_beside_the_time_before(scene: IndicatorScene) -> None:
    await scene.posts(1, ago=YESTERDAY, author="au_a", followers=10)
    await scene.posts(2, ago=60 * DAY, author="au_b")
    await scene.posts(2, ago=200 * DAY, author="au_c")
    for author, number in (("au_a", 1), ("au_b", 1), ("au_c", 2), ("au_d", 4)):
        await scene.posts(number, author=author, source="weibo")
    await scene.posts(1, author="au_d", source="forum", verified=True, followers=200_000)
    await scene.posts(3)
    report = await book(scene).report(SYSTEM, "tea", WINDOW)
    now, before = report.now, report.before
    assert (now.distinct, now.new, now.returning) == (4, 2, 2)
    assert (now.verified, now.verified_share) == (1, 0.25)
    assert (now.posts, now.unknown_posts) == (9, 3)
    assert now.followers == {"unknown": 3, "followers_100000_up": 1}
    assert (before.distinct, before.new, before.followers) == (1, 1, {"followers_below_1000": 1})
    assert report.changes == {"distinct": 3, "new": 1, "returning": 2, "verified": 1, "posts": 8}


async def test_hours_are_those_of_the_zone(scene: IndicatorScene) -> None:
    await scene.posts(2, ago=HOUR, author="au_a")
    await scene.posts(1, ago=HOUR + timedelta(minutes=5), author="au_b")
    await scene.posts(1, ago=HOUR)
    report = await book(scene).report(SYSTEM, "tea", WINDOW)
    busy = {item.hour: (item.posts, item.authors) for item in report.hours if item.posts}
    assert busy == {8: (1, 1), 9: (3, 1)}
    assert len(report.hours) == 24
    assert (report.posts, report.read) == (4, 4)


async def test_hours_say_how_many_posts_they_are_of(scene: IndicatorScene) -> None:
    for number in range(10):
        await scene.posts(2, ago=(number + 1) * HOUR, author=f"au_{number}")
    report = await book(scene, most=6).report(SYSTEM, "tea", WINDOW)
    assert (report.posts, report.read) == (20, 6)
    assert report.now.distinct == 10


async def test_no_post_has_no_shares(scene: IndicatorScene) -> None:
    report = await book(scene).report(SYSTEM, "tea", WINDOW)
    assert report.now.verified_share is None
    assert report.now.posts_each == posts_each([])
    assert report.now.posts_each.median is None


async def test_an_unknown_monitor_is_refused(scene: IndicatorScene) -> None:
    with pytest.raises(NotFound):
        await book(scene).report(SYSTEM, "nobody", WINDOW)


def test_posts_of_each_author() -> None:
    found = posts_each([1, 1, 1, 1, 1, 1, 2, 3, 7, 20, 2])
    assert found.bands == {"1": 6, "2": 2, "3_to_5": 1, "6_to_10": 1, "11_up": 1}
    assert (found.median, found.p90, found.most) == (1, 7, 20)
    assert found.top_tenth_share == pytest.approx(27 / 40)


def test_nobody_is_in_no_hour() -> None:
    assert active_hours([(3, None)])[3].authors == 0
    assert figures((), frozenset(), WINDOW).distinct == 0
