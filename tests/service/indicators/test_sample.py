"""Posts are read as a whole, or a fair part of them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from service.indicators import Window
from service.indicators.sample import read_posts
from service.stores import PostQuery, StoredPost
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

MONTH = Window(since=START - 30 * DAY, until=START)
TEA = PostQuery(monitors=("tea",))


def ident(post: StoredPost) -> str:
    return post.id


async def test_all_are_read_where_they_are_few(scene: IndicatorScene) -> None:
    made = await scene.posts(30, ago=3 * DAY)
    await scene.posts(5, ago=40 * DAY)
    await scene.posts(5, monitors=("rival",))
    found = await read_posts(scene.store, TEA, MONTH, keep=ident)
    assert sorted(found.items) == sorted(post.id for post in made)
    assert (found.n, found.of) == (30, 30)


async def test_of_many_whole_hours_are_read(scene: IndicatorScene) -> None:
    for number in range(300):
        await scene.posts(3, ago=timedelta(hours=2 * number, minutes=30))
    window = Window(since=START - 10 * DAY, until=START)
    found = await read_posts(scene.store, TEA, window, keep=lambda post: post, most=60)
    by_hour = Counter((START - post.published_at) // HOUR for post in found.items)
    assert (found.n, found.of) == (60, 360)
    assert set(by_hour.values()) == {3}


async def test_the_same_question_reads_the_same_posts(scene: IndicatorScene) -> None:
    for number in range(100):
        await scene.posts(4, ago=timedelta(hours=5 * number + 1))
    first, second = [
        await read_posts(scene.store, TEA, MONTH, keep=ident, most=50) for _ in range(2)
    ]
    assert first == second
    assert first.n == 50


async def test_one_loud_day_is_not_all_that_is_read(scene: IndicatorScene) -> None:
    await scene.posts(300, ago=5 * DAY + HOUR)
    for number in range(25):
        await scene.posts(4, ago=(number + 1) * DAY - HOUR)
    found = await read_posts(scene.store, TEA, MONTH, keep=lambda post: post, most=100)
    days = Counter(post.published_at.date() for post in found.items)
    assert max(days.values()) <= 20
    assert len(days) > 10


async def test_an_hour_too_big_gives_its_newest(scene: IndicatorScene) -> None:
    made = await scene.posts(50)
    window = Window(since=START - HOUR, until=START)
    found = await read_posts(scene.store, TEA, window, keep=ident, most=10)
    assert sorted(found.items) == sorted(post.id for post in made[-10:])
    assert found.of == 50
