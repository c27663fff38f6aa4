"""Base measures × parts × windows: the names that rules use, each made once."""

from __future__ import annotations

import pytest

from playbooks.facts import FACTS
from playbooks.measures import MEASURES, Window
from playbooks.post_parts import ANGRY, EVERY, NEGATIVE, PARTS

BY_ID = {measure.id: measure for measure in MEASURES}
PART = {part.id: part for part in PARTS}


def test_at_most_forty_measures_make_at_least_two_hundred_indicators() -> None:
    assert len(BY_ID) == len(MEASURES) <= 40
    made = [
        measure.fact(part, window)
        for measure in MEASURES
        for part in measure.parts
        for window in measure.windows
    ]
    assert len(made) == len(set(made)) == len(FACTS) >= 200


@pytest.mark.parametrize(
    ("measure", "part", "window", "name"),
    [
        ("posts", EVERY, Window.HOUR, "posts_1h"),
        ("posts", NEGATIVE, Window.TEN_MINUTES, "negative_10m"),
        ("posts", PART["injury"], Window.DAY, "injury_posts_24h"),
        ("posts", PART["legal_threat_pattern"], Window.DAY, "legal_threat_pattern_posts_24h"),
        ("share", PART["severe"], Window.HOUR, "severe_share_1h"),
        ("burst_score", ANGRY, Window.HOUR, "angry_burst_score_1h"),
        ("velocity", NEGATIVE, None, "negative_velocity"),
        ("history_h", EVERY, None, "history_h"),
    ],
)
def test_the_name_of_a_fact_follows_from_what_it_measures(measure, part, window, name) -> None:
    assert BY_ID[measure].fact(part, window) == name
    assert (FACTS[name].measure, FACTS[name].part, FACTS[name].window) == (measure, part.id, window)


def test_a_fact_is_named_in_both_languages() -> None:
    assert BY_ID["posts"].title(PART["injury"]) == ("提到人身伤害的帖数", "Injury posts")
    assert BY_ID["posts"].title(EVERY) == ("帖数", "Posts")
    assert [name for name, spec in FACTS.items() if "{" in spec.zh + spec.en] == []


def test_every_measure_says_what_it_is_in_both_languages() -> None:
    for measure in MEASURES:
        assert measure.says.endswith("."), measure.id
        assert measure.says_zh.endswith("。"), measure.id
        assert measure.unit, measure.id


def test_only_what_can_be_counted_by_part_has_parts() -> None:
    assert {part.id for part in PARTS} == {
        part.id for measure in MEASURES for part in measure.parts
    }
