"""Searches for hidden terms."""

from __future__ import annotations

from nlp.evasion.tables import load_tables
from service.lexicon.wordings import MOST, searches
from tests.service.lexicon.rows import entry


def test_the_term_comes_first_then_its_characters_apart() -> None:
    found = searches(entry("黑店宰客"), load_tables())
    assert found[:2] == ("黑店宰客", "黑 店 宰 客")


def test_pinyin_split_characters_and_one_character_replaced() -> None:
    found = searches(entry("好店宰客"), load_tables())
    assert {"haodianzaike", "hao dian zai ke", "女 子 店 宰 客", "店 宰 客", "好 店 宰"} <= set(
        found
    )


def test_a_latin_term_is_sought_as_it_is() -> None:
    assert searches(entry("unpaid overtime"), load_tables()) == ("unpaid overtime",)


def test_two_characters_are_not_sought_alone() -> None:
    assert "店" not in searches(entry("黑店"), load_tables())


def test_there_are_not_too_many() -> None:
    assert len(searches(entry("好" * 40), load_tables())) <= MOST
