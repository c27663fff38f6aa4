"""Days on which nothing happens."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from service.demo.cast import OFFICIAL, Cast
from service.demo.draft import Draft
from service.demo.generate import FIRST_DAY
from service.demo.hours import ZONE
from service.demo.ordinary import Ordinary

MIDNIGHT = datetime.combine(FIRST_DAY, time(0), ZONE)


def day(*, cooled_after: timedelta = timedelta(days=9)) -> list[Draft]:
    ordinary = Ordinary(Cast(Random(1)), Random(2), cooled_from=MIDNIGHT + cooled_after)
    return list(ordinary.day(FIRST_DAY))


def test_the_brand_holds_raffles() -> None:
    assert sum(post.author == OFFICIAL for post in day()) == 3


def test_raffles_are_reposted() -> None:
    assert len([post for post in day() if post.repost_of]) >= 3 * 18


def test_praise_cools_and_raffles_stop_once_a_crisis_has_begun() -> None:
    cooled = day(cooled_after=timedelta(0))

    assert len(cooled) < 0.7 * len(day())
    assert all(post.author != OFFICIAL for post in cooled)


def test_news_has_headlines() -> None:
    assert all(post.title for post in day() if post.source.startswith("news:"))
