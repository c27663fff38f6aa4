"""Where, how often, and in what company an entity is named."""

from __future__ import annotations

from nlp.sentiment import LexicalSentiment
from nlp.targeted.entity import Entity
from nlp.targeted.mentions import MentionFinder
from nlp.targeted.signs import NAMES, Signs, signs, values_of
from nlp.targeted.slots import slotted

_JUDGE = LexicalSentiment({"好": 2.0, "坏": -2.0}, {})


def _signs(text: str, *names: str) -> list[Signs]:
    finder = MentionFinder([Entity(name) for name in names])
    return signs(slotted(text, finder.find(text), entities=len(names)), finder.names, _JUDGE)


def test_the_only_one_named() -> None:
    (only,) = _signs("云帆坏了", "云帆")

    assert (only.alone, only.share, only.first, only.last, only.company) == (1, 1, 1, 1, 0)
    assert only.worst < 0
    assert only.worst_of_all == 0


def test_first_and_last_and_shares() -> None:
    first, last = _signs("极川,云帆,云帆", "极川", "云帆")

    assert (first.first, first.last, last.first, last.last) == (1, 0, 0, 1)
    assert (first.share, last.share) == (1 / 3, 2 / 3)
    assert (first.foremost, last.foremost) == (0, 1)


def test_who_has_the_bad_words_is_worst() -> None:
    good, bad = _signs("极川好,云帆坏", "极川", "云帆")

    assert (good.worst_of_all, bad.worst_of_all) == (0, 1)
    assert good.better_than_others == bad.worse_than_others > 0


def test_a_topic_or_a_title_names_whom_it_is_about() -> None:
    inside, outside = _signs("#极川维权#有人也说云帆", "极川", "云帆")

    assert (inside.in_head, inside.head_without) == (1, 0)
    assert (outside.in_head, outside.head_without) == (0, 1)


def test_a_contrast_parts_two() -> None:
    before, after = _signs("极川坏,但云帆好", "极川", "云帆")

    assert (before.before_contrast, before.after_contrast) == (1, 0)
    assert (after.before_contrast, after.after_contrast) == (0, 1)


def test_a_name_that_holds_another() -> None:
    short, long = _signs("旺贷,旺贷金服", "旺贷", "旺贷金服")

    assert (short.part_of_other_name, short.holds_other_name) == (1, 0)
    assert (long.part_of_other_name, long.holds_other_name) == (0, 1)


def test_the_sentence_of_the_first_mention_is_judged() -> None:
    one, two = _signs("坏。极川好。云帆", "极川", "云帆")

    assert one.sentence_polarity > 0
    assert two.sentence_polarity == 0


def test_late_in_a_long_post() -> None:
    (late,) = _signs("字" * 60 + "云帆", "云帆")

    assert late.in_lead == 0
    assert late.position > 0.9


def test_values_stand_in_the_order_of_their_names() -> None:
    assert values_of(Signs(share=0.5))[NAMES.index("share")] == 0.5
