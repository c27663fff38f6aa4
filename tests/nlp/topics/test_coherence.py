"""Coherence and diversity."""

from __future__ import annotations

import math

from nlp.topics import coherence, diversity
from tests.support.topic_scene import FOOD, PARCEL, theme_posts

POSTS = [post.words for post in theme_posts(FOOD, PARCEL)]


def test_words_that_go_together_are_coherent() -> None:
    mixed = [(*FOOD[:4], *PARCEL[:4]), (*FOOD[4:], *PARCEL[4:])]
    assert coherence([FOOD, PARCEL], POSTS) > coherence(mixed, POSTS) + 0.1


def test_words_that_stand_nowhere_cannot_be_judged() -> None:
    assert math.isnan(coherence([("没有", "这词")], POSTS))
    assert coherence([FOOD, ("没有", "这词")], POSTS) == coherence([FOOD], POSTS)


def test_diversity() -> None:
    assert diversity([("甲", "乙"), ("丙", "丁")]) == 1
    assert diversity([("甲", "乙"), ("甲", "丁")]) == 0.75
    assert diversity([]) == 0
