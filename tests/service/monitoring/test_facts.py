"""Aggregates turned into facts: every fact that rules may read, and none that is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from playbooks import FACTS
from service.monitoring.baseline import Baseline, History
from service.monitoring.copying import CopySpread
from service.monitoring.facts import EMPTY, Windows, is_inside_baseline, loudest, make_facts
from service.monitoring.series import Burst
from tests.support.clock import START

NO_HISTORY = Baseline()
CALM = Baseline(
    posts=Burst(score=0.3, expected=10.0, highest=18.0),
    negative=Burst(score=0.2, expected=2.0, highest=6.0),
    history=History(length_h=40),
)
LOUD = replace(
    CALM,
    posts=Burst(score=0.97, expected=10.0, highest=18.0),
    negative=Burst(score=0.998, expected=2.0, highest=6.0),
    angry=Burst(score=0.96, expected=0.5, highest=3.0),
)
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
    severity_sum=14,
    media=6,
    angry=10,
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
    facts = make_facts(windows, LOUD, has_brand=True, now=START)
    assert facts.get("posts_1h") == 40
    assert facts.get("negative_share_1h") == 0.75
    assert facts.get("copies_share_1h") == 0.75
    assert facts.get("severity_weighted_1h") == 14
    assert facts.get("media_posts_1h") == 6
    assert facts.get("contained") is False
    assert facts.get("largest_group_1h") == 30
    assert facts.get("largest_group_share_1h") == 0.75
    assert facts.get("velocity") == 3.0
    assert facts.get("first_post_age_m") == 50.0
    assert facts.get("injury_posts_24h") == 4
    assert facts.get("boycott_posts_24h") == 0
    assert facts.get("history_h") == 40
    assert facts.get("news_posts_24h") == 2
    assert (facts.get("burst_score_1h"), facts.get("expected_1h")) == (0.97, 10.0)
    assert facts.get("negative_burst_score_1h") == 0.998
    assert facts.get("negative_expected_1h") == 2.0


def test_anger_is_counted_beside_what_is_negative() -> None:
    facts = make_facts(Windows(hour=HOUR), LOUD, has_brand=True, now=START)
    assert (facts.get("angry_1h"), facts.get("angry_share_1h")) == (10, 0.25)
    assert (facts.get("angry_expected_1h"), facts.get("angry_burst_score_1h")) == (0.5, 0.96)


def test_what_nobody_can_know_is_unknown_and_not_nought() -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=False, now=START)
    for name in ("negative_share_1h", "copies_share_1h", "minutes_since_onset", "authors_1h"):
        assert facts.get(name) is None, name
    assert facts.get("has_brand") is False


@pytest.mark.parametrize("dark", [None, 0, 2])
def test_dark_sources_are_counted_where_somebody_watches(dark: int | None) -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=True, now=START, sources_dark=dark)
    assert facts.get("sources_dark") == dark


def test_a_calm_hour_is_contained() -> None:
    facts = make_facts(Windows(), CALM, has_brand=True, now=START)
    assert facts.get("contained") is True


def test_minutes_are_counted_since_the_onset() -> None:
    began = START - timedelta(minutes=70)
    facts = make_facts(Windows(hour=HOUR), CALM, has_brand=True, now=START, began=began)
    assert facts.get("minutes_since_onset") == 70.0


def test_an_hour_is_loud_in_all_its_posts_or_in_the_negative_ones() -> None:
    assert loudest(LOUD) == LOUD.posts
    assert loudest(replace(LOUD, posts=CALM.posts)) == LOUD.negative
    assert loudest(CALM) is None


@pytest.mark.parametrize("newcomers", [None, 0, 7])
def test_newcomers_are_told_where_they_were_counted(newcomers: int | None) -> None:
    facts = make_facts(Windows(), CALM, has_brand=True, now=START, newcomers=newcomers)
    assert facts.get("new_authors_1h") == newcomers


def test_the_spread_of_the_most_copied_text_is_known_where_it_was_read() -> None:
    spread = CopySpread(coordination=0.4, predicted_size=70)
    facts = make_facts(Windows(), CALM, has_brand=True, now=START, spread=spread)
    assert (facts.get("coordination_1h"), facts.get("predicted_size")) == (0.4, 70)
    unread = make_facts(Windows(), CALM, has_brand=True, now=START)
    assert (unread.get("coordination_1h"), unread.get("predicted_size")) == (None, None)


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
    usual = Baseline(negative=Burst(expected=30.0, highest=42.0))
    windows = Windows(hour=replace(EMPTY, posts=100, negative=42))
    assert is_inside_baseline(windows, usual)
    assert not is_inside_baseline(Windows(hour=replace(EMPTY, posts=100, negative=43)), usual)


USUAL = replace(CALM, history=History(length_h=200, usual_day=(50.0, 0.5, 0.0)))


def test_every_fact_of_the_catalogue_is_made_and_no_other() -> None:
    facts = make_facts(Windows(), NO_HISTORY, has_brand=True, now=START)
    assert set(facts.values) == set(FACTS)


def test_posts_are_told_as_times_the_usual_of_the_hour_and_of_the_day() -> None:
    facts = make_facts(Windows(hour=HOUR, day=DAY), USUAL, has_brand=True, now=START)
    assert (facts.get("times_usual_1h"), facts.get("negative_times_usual_1h")) == (4.0, 15.0)
    assert (facts.get("expected_24h"), facts.get("times_usual_24h")) == (50.0, 2.0)
    # less than one a day is usual: counted as one
    assert facts.get("negative_times_usual_24h") == 50.0
    young = make_facts(Windows(hour=HOUR, day=DAY), NO_HISTORY, has_brand=True, now=START)
    assert young.get("negative_times_usual_1h") is None
    assert young.get("negative_times_usual_24h") is None


def test_a_scenario_is_told_as_a_part_of_the_whole_monitor() -> None:
    whole = Windows(hour=replace(HOUR, posts=160, negative=60), day=DAY)
    mine = Windows(hour=HOUR, day=DAY)
    facts = make_facts(mine, CALM, has_brand=True, now=START, whole=whole)
    assert facts.get("monitor_share_1h") == 0.25
    assert facts.get("negative_monitor_share_1h") == 0.5
    alone = make_facts(mine, CALM, has_brand=True, now=START)
    assert alone.get("monitor_share_24h") == 1.0


def test_what_posts_say_is_counted_beside_the_words_in_them() -> None:
    said = {"legal_action": 5, "pattern:legal_threat": 2}
    facts = make_facts(Windows(day=replace(DAY, categories=said)), CALM, has_brand=True, now=START)
    assert facts.get("legal_action_posts_24h") == 5
    assert facts.get("legal_threat_pattern_posts_24h") == 2
    assert facts.get("legal_threat_pattern_share_24h") == 0.02


def test_means_are_by_post_and_by_author() -> None:
    facts = make_facts(Windows(hour=HOUR), CALM, has_brand=True, now=START, newcomers=5)
    assert facts.get("posts_per_author_1h") == 1.6
    assert facts.get("engagement_per_post_1h") == 77 / 40
    assert facts.get("severity_mean_1h") == 14 / 40
    assert facts.get("new_author_share_1h") == 0.2
