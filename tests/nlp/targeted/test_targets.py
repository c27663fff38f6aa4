"""Which entity a post blames, with the shipped weights."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.targeted import Entity, targets


def _blamed(text: str, *entities: str) -> list[str]:
    return [one.entity for one in targets(text, entities) if one.blamed]


@pytest.mark.parametrize(
    ("text", "culprit", "other"),
    [
        ("从星岑换到露屿之后再也没修过车", "星岑", "露屿"),
        ("星岑比露屿差远了,天天死机", "星岑", "露屿"),
        ("不像露屿,星岑用了一周就黑屏", "星岑", "露屿"),
        ("在露屿上投诉了星岑,星岑一直装死", "星岑", "露屿"),
        ("被星岑骗了三千块,幸好露屿的朋友提醒我报警", "星岑", "露屿"),
        ("星岑再也不买了,露屿真香", "星岑", "露屿"),
    ],
)
def test_the_culprit_is_more_likely_than_the_other(text: str, culprit: str, other: str) -> None:
    found = {one.entity: one.probability for one in targets(text, [other, culprit])}

    assert found[culprit] > found[other]


def test_both_may_be_blamed() -> None:
    assert _blamed("星岑和露屿都涉嫌诈骗,跑路了", "星岑", "露屿") == ["星岑", "露屿"]


def test_one_alone_in_a_complaint_is_blamed() -> None:
    assert _blamed("星岑手机充电爆炸,客服拒绝赔偿", "星岑", "露屿") == ["星岑"]


def test_who_is_not_named_is_not_blamed() -> None:
    (absent,) = targets("客服态度太差", ["星岑"])

    assert (absent.probability, absent.blamed, absent.spans) == (0.0, False, ())


def test_spans_are_of_the_original() -> None:
    text = "被Ｎ o\u200bvo骗了,露\u200b嶼没有"
    nova, islet = targets(text, [Entity("诺沃", ("n ovo",)), Entity("露屿")])

    assert [text[start:end] for start, end in nova.spans] == ["Ｎ o\u200bvo"]
    assert [text[start:end] for start, end in islet.spans] == ["露\u200b嶼"]


def test_nobody_asked_for() -> None:
    assert targets("星岑坏了", []) == ()


def test_answers_keep_the_order_asked() -> None:
    names = ["露屿", "星岑", "无名"]

    assert [one.entity for one in targets("星岑坏了,露屿没坏", names)] == names


@settings(max_examples=60)
@given(st.text(max_size=80), st.lists(st.text(max_size=4), max_size=4))
def test_any_text_and_any_names_are_answered(text: str, names: list[str]) -> None:
    found = targets(text, names)

    assert [one.entity for one in found] == names
    for one in found:
        assert 0 <= one.probability <= 1
        assert all(0 <= start < end <= len(text) for start, end in one.spans)


@pytest.mark.parametrize("text", ["但星岑坏," * 12_000, "【#《" * 33_000 + "星岑", "\x00" * 1000])
def test_a_hostile_text_ends(text: str) -> None:
    (found,) = targets(text, ["星岑"])

    assert bool(found.spans) == ("星岑" in text)
