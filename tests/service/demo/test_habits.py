"""How sentences are typed."""

from __future__ import annotations

from random import Random

import pytest

from service.demo.habits import typed


def versions(text: str, *, lang: str = "zh") -> set[str]:
    return {typed(text, Random(seed), lang=lang) for seed in range(300)}


def test_most_people_type_what_they_mean() -> None:
    plain = sum(typed("茶很好，真的。", Random(seed)) == "茶很好，真的。" for seed in range(300))

    assert plain > 200


@pytest.mark.parametrize("habit", ["茶很好 真的", "茶很好，真滴。"])
def test_some_type_loosely(habit: str) -> None:
    assert habit in versions("茶很好，真的。")


def test_some_write_traditional_characters() -> None:
    assert "這個烏龍茶" in versions("这个乌龙茶")


def test_other_languages_are_left_alone() -> None:
    assert versions("Nice tea, really.", lang="en") == {"Nice tea, really."}


def test_commas_that_an_empty_phrase_left_behind_are_dropped() -> None:
    assert "茶好。" in versions("茶好，。")
