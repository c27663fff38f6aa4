"""Whom a normal form names, and where."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.targeted.entity import Entity, Mention
from nlp.targeted.mentions import MentionFinder, mention_finder
from nlp.text.normalizer import normalize


def test_a_name_and_an_alias_are_one_entity() -> None:
    finder = MentionFinder([Entity("云帆", ("Yunfan",))])

    assert finder.find("云帆和yunfan") == [Mention(0, 0, 2), Mention(0, 3, 9)]


def test_a_name_inside_a_longer_name_is_no_mention() -> None:
    finder = MentionFinder([Entity("旺贷"), Entity("旺旺贷")])

    assert finder.find("旺旺贷跑路") == [Mention(1, 0, 3)]


def test_a_spaced_name_is_not_found_inside_a_word() -> None:
    assert MentionFinder([Entity("nor")]).find("normal nor") == [Mention(0, 7, 10)]


def test_names_are_looked_for_in_their_normal_form() -> None:
    finder = MentionFinder([Entity("ＡＢ雲")])

    assert finder.find(normalize("ab云").text) == [Mention(0, 0, 3)]


def test_of_two_entities_with_one_name_the_first_has_it() -> None:
    finder = MentionFinder([Entity("甲", ("小云",)), Entity("小云")])

    assert finder.find("小云") == [Mention(0, 0, 2)]


def test_an_empty_name_is_never_mentioned() -> None:
    assert MentionFinder([Entity(" "), Entity("")]).find("随便 说说") == []


def test_the_finder_of_the_same_entities_is_kept() -> None:
    assert mention_finder((Entity("云帆"),)) is mention_finder((Entity("云帆"),))


@settings(max_examples=60)
@given(st.text(alphabet="甲乙丙a ", max_size=40))
def test_mentions_are_in_order_and_apart(text: str) -> None:
    names = ("甲", "甲乙", "乙丙甲", "a")
    found = MentionFinder([Entity(name) for name in names]).find(text)

    assert all(text[one.start : one.end] == names[one.entity] for one in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
