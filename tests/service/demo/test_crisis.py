"""The course of the crisis."""

from __future__ import annotations

from random import Random

from service.demo.cast import EVENING_PAPER, MOTHER, Cast
from service.demo.crisis import BUCKETS, NATIVE_REPOST, PEAK_UNTIL, Crisis, posts_in
from service.demo.draft import Draft
from service.demo.generate import CRISIS_BEGINS


def crisis() -> list[Draft]:
    return list(Crisis(CRISIS_BEGINS, cast=Cast(Random(1)), rng=Random(2)).drafts())


def test_volume_rises_to_its_peak() -> None:
    rise = [posts_in(bucket) for bucket in range(PEAK_UNTIL + 1)]

    assert rise == sorted(rise)
    assert rise[0] <= 3
    assert 40 <= rise[-1] <= 60


def test_volume_declines_after_its_peak() -> None:
    decline = [posts_in(bucket) for bucket in range(PEAK_UNTIL, BUCKETS)]

    assert decline == sorted(decline, reverse=True)
    assert decline[-1] < 20


def test_the_mother_posts_first() -> None:
    assert min(crisis(), key=lambda post: post.at).author == MOTHER


def test_the_paper_comes_later() -> None:
    paper = min(post.at for post in crisis() if post.author == EVENING_PAPER)

    assert (paper - CRISIS_BEGINS).total_seconds() / 60 == 72


def test_reposts_point_to_posts_that_stand_before_them() -> None:
    assert all(post.repost_of.at < post.at for post in crisis() if post.repost_of)


def test_many_reposts_say_nothing() -> None:
    reposts = [post for post in crisis() if post.repost_of]

    assert 0.3 < sum(post.text == NATIVE_REPOST for post in reposts) / len(reposts) < 0.6
