"""The little grammar behind the demo's sentences."""

from __future__ import annotations

from random import Random

import pytest

from service.demo.phrasebook import Phrasebook


def say(
    rules: dict[str, list[str]], *, seed: int = 1, given: dict[str, list[str]] | None = None
) -> str:
    return Phrasebook(rules).say("start", Random(seed), given=given)


def test_rule_is_expanded_inside_a_sentence() -> None:
    assert say({"start": ["喝{drink}"], "drink": ["茶"]}) == "喝茶"


def test_choice_on_the_spot_takes_one_of_its_words() -> None:
    said = {say({"start": ["{甜|酸}"]}, seed=seed) for seed in range(20)}

    assert said == {"甜", "酸"}


def test_optional_part_is_sometimes_there() -> None:
    said = {say({"start": ["好喝<，真的>"]}, seed=seed) for seed in range(20)}

    assert said == {"好喝", "好喝，真的"}


def test_rule_does_not_repeat_itself_while_it_has_more_to_say() -> None:
    said = {say({"start": ["{x}{x}"], "x": ["一", "二"]}, seed=seed) for seed in range(20)}

    assert said == {"一二", "二一"}


def test_given_rules_win_for_one_sentence() -> None:
    assert say({"start": ["{drink}"], "drink": ["茶"]}, given={"drink": ["水"]}) == "水"


def test_unknown_rule_is_named() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        say({"start": ["{nowhere}"]})


def test_rules_that_call_each_other_without_end_are_refused() -> None:
    with pytest.raises(ValueError, match="without end"):
        say({"start": ["{start}"]})


def test_file_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(ValueError, match=r"products\.yaml"):
        Phrasebook.load("products.yaml")


def test_missing_names_what_nobody_defines() -> None:
    assert Phrasebook({"start": ["{a}{b}{c|d}"], "b": ["x"]}).missing() == {"a"}


@pytest.mark.parametrize(
    ("files", "given"),
    [
        (("people.yaml", "everyday.yaml", "elsewhere.yaml"), ("p", "p2", "fruit", "note")),
        (("people.yaml", "refund.yaml"), ()),
        (("people.yaml", "crisis.yaml"), ()),
    ],
)
def test_shipped_phrases_define_all_they_use(
    files: tuple[str, ...], given: tuple[str, ...]
) -> None:
    assert Phrasebook.load(*files).missing(given) == set()
