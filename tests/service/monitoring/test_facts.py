"""Aggregates turned into facts: every fact that rules may read, and none that is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from playbooks import FACTS
from service.monitoring.baseline import History
from service.monitoring.facts import EMPTY, Windows, is_inside_baseline, make_facts
from tests.support.clock import START

NO_HISTORY = History(posts=(), negative=(), length_h=0)
CALM = History(posts=(10,) * 40, negative=(2,) * 40, length_h=40)
HOUR = replace(
    EMPTY,
    posts=40,
    negative=30,
    distinct=10,
    authors=25,
    severity_max=4,
    severe=3,
    verified=2,
    reach=9000,
    engagement=77,
    largest_group="g",
    largest_group_posts=30,
    first_published_at=START - timedelta(minutes=50),
)
DAY = replace(HOUR, posts=100, negative=50, news=2, sources=3, categories={"injury": 4, "spam": 9})
TEN = replace(EMPTY, posts=20, negative=15)


def test_every_fact_is_in_the_catalogue_and_none_of_it_is_forgotten() -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=True, now=START)
    assert set(facts.values) <= set(FACTS)
    assert {"posts_1h", "negative_24h", "injury_posts_24h", "has_brand"} <= set(facts.values)


def test_counts_and_shares_of_a_burning_hour() -> None:
    windows = Windows(ten_minutes=TEN, hour=HOUR, day=DAY)
    facts = make_facts(windows, CALM, has_brand=True, now=START)
    assert facts.get("posts_1h") == 40
    assert facts.get("negative_share_1h") == 0.75
    assert facts.get("copies_share_1h") == 0.75
    assert facts.get("largest_group_1h") == 30
    assert facts.get("largest_group_share_1h") == 0.75
    assert facts.get("velocity") == 3.0
    assert facts.get("first_post_age_m") == 50.0
    assert facts.get("injury_posts_24h") == 4
    assert facts.get("boycott_posts_24h") == 0
    assert facts.get("history_h") == 40
    assert facts.get("news_posts_24h") == 2
    score = facts.get("negative_burst_score_1h")
    assert isinstance(score, float)
    assert score > 0.99


def test_what_nobody_can_know_is_unknown_and_not_nought() -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=False, now=START)
    for name in ("negative_share_1h", "copies_share_1h", "largest_group_share_1h", "authors_1h"):
        assert facts.get(name) is None, name
    assert facts.get("has_brand") is False


@pytest.mark.parametrize("dark", [None, 0, 2])
def test_dark_sources_are_counted_where_somebody_watches(dark: int | None) -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=True, now=START, sources_dark=dark)
    assert facts.get("sources_dark") == dark


def test_a_first_post_of_the_next_second_is_not_of_the_future() -> None:
    day = replace(DAY, first_published_at=START + timedelta(seconds=1))
    facts = make_facts(Windows(day=day), CALM, has_brand=True, now=START)
    assert facts.get("first_post_age_m") == 0.0


@pytest.mark.parametrize(
    ("posts", "negative", "inside"),
    [(0, 0, True), (3, 3, True), (40, 4, True), (6, 4, False), (60, 30, False)],
)
def test_calm_is_small_or_usual_in_volume_and_share(
    posts: int, negative: int, inside: bool
) -> None:
    windows = Windows(hour=replace(EMPTY, posts=posts, negative=negative))
    assert is_inside_baseline(windows, CALM) is inside


def test_what_is_always_loud_is_calm_when_it_is_no_louder() -> None:
    loud = History(posts=(100,) * 40, negative=(30,) * 40, length_h=40)
    windows = Windows(hour=replace(EMPTY, posts=100, negative=30))
    assert is_inside_baseline(windows, loud)
