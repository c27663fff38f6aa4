"""Turns of phrase: which of them a view holds."""

from __future__ import annotations

import pytest

from nlp.targeted.phrases import PHRASES, phrases_in
from nlp.targeted.slots import OTHER, OWN


def _found(view: str, *, accompanied: bool = True) -> set[str]:
    masked = view.replace("T", OWN).replace("O", OTHER)
    flags = phrases_in(masked, accompanied=accompanied)
    return {name for name, found in zip(PHRASES, flags, strict=True) if found}


@pytest.mark.parametrize(
    ("view", "phrase"),
    [
        ("从T换到O之后", "left"),
        ("从T换到O之后", "left_for_other"),
        ("O用腻了,换成T", "taken_instead"),
        ("T比O还贵", "subject_bad"),
        ("T比O好用多了", "subject_good"),
        ("比T还贵", "standard_bad"),
        ("不像T", "unlike_own"),
        ("O不行,反观T", "on_the_other_hand"),
        ("再也不买T了", "never_again"),
        ("被T客服骗了", "victim_of"),
        ("在T平台投诉O", "venue"),
        ("与T无关", "cleared"),
        ("O、T、O", "listed"),
        ("T拒绝退款", "refuses"),
        ("早就该买别家,跟T没法比", "compared_with"),
    ],
)
def test_a_phrase_is_found(view: str, phrase: str) -> None:
    assert phrase in _found(view)


def test_better_and_worse_are_not_mixed_up() -> None:
    assert "subject_bad" not in _found("T比O好用多了")
    assert "subject_good" not in _found("T比O还贵")


def test_another_sentence_is_out_of_reach() -> None:
    assert "left" not in _found("从T。没有换")


def test_complaining_to_the_only_one_named_is_complaining_about_it() -> None:
    assert "venue" in _found("向T投诉")
    assert "venue" not in _found("向T投诉", accompanied=False)


def test_directions_are_at_most_clear() -> None:
    assert all(abs(expected) <= 1.5 for _, expected in PHRASES.values())
