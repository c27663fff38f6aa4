"""The smaller episode."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from service.demo.cast import Cast
from service.demo.draft import STORE, WEIBO, Draft
from service.demo.generate import REFUND_BEGINS
from service.demo.refund import refund_episode


def episode() -> list[Draft]:
    return list(refund_episode(REFUND_BEGINS, cast=Cast(Random(1)), rng=Random(2)))


def test_it_lasts_ninety_minutes() -> None:
    assert all(
        timedelta(0) <= post.at - REFUND_BEGINS < timedelta(minutes=90) for post in episode()
    )


def test_it_has_sixty_to_ninety_posts() -> None:
    assert 60 <= len(episode()) <= 90


def test_reviews_in_the_store_are_bad() -> None:
    assert {post.rating for post in episode() if post.source == STORE} <= {1, 2}


def test_comments_gather_under_the_first_public_post() -> None:
    posts = episode()
    first = next(post for post in posts if post.source == WEIBO)

    assert {post.parent for post in posts if post.parent} == {first}
