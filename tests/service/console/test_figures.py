"""Figures as people read them."""

from __future__ import annotations

import pytest

from service.console.figures import change_of, counted_said, figure_said, parted, value_said
from service.console.i18n import Language, load_words
from service.indicators import Comparison, IndicatorId, Window
from service.indicators.definition import Unit
from service.indicators.figure import Figure, Silence
from tests.support.clock import START

ZH, EN = load_words(Language.ZH), load_words(Language.EN)


@pytest.mark.parametrize(
    ("unit", "value", "zh", "en"),
    [
        (Unit.POSTS, 1_204.0, "1,204 条", "1,204 posts"),
        (Unit.PEOPLE, 3.0, "3 人", "3 people"),
        (Unit.SHARE, 0.3124, "31.2%", "31.2%"),
        (Unit.BALANCE, 0.123, "+0.12", "+0.12"),
        (Unit.SECONDS, 843.0, "14分 3秒", "14m 3s"),
        (Unit.PER_THOUSAND, 12.34, "12.3 条/千帖", "12.3 in 1,000 posts"),
    ],
)
def test_a_value_has_its_unit(unit: Unit, value: float, zh: str, en: str):
    assert value_said(ZH, unit, value) == zh
    assert value_said(EN, unit, value).replace(" ", "") == en.replace(" ", "")


def test_what_says_nothing_says_why_and_how_much_it_takes():
    few = Figure(value=None, n=12, silence=Silence.NOT_ENOUGH_DATA)
    assert figure_said(ZH, IndicatorId.NEGATIVE_SHARE, few) == "数据不足（12，至少要 30）"
    early = Figure(value=None, n=0, silence=Silence.BEFORE_FIRST_POST)
    assert figure_said(ZH, IndicatorId.VOLUME, early) == "当时还没有任何帖子"
    assert counted_said(ZH, IndicatorId.NEGATIVE_SHARE, few) == "依据 12（有情感判断的帖子）"


def compared(now: float, then: float, *, ratio: float | None) -> Comparison:
    return Comparison(
        window=Window(since=START, until=START),
        figure=Figure(value=then, n=100),
        change=now - then,
        ratio=ratio,
    )


def test_a_change_says_whether_it_is_bad():
    worse = change_of(ZH, IndicatorId.NEGATIVE_SHARE, compared(0.4, 0.3, ratio=1 / 3))
    assert worse is not None
    assert (worse.arrow, worse.said, worse.worse) == ("▲", "10.0 个百分点", True)
    better = change_of(ZH, IndicatorId.NET_SENTIMENT, compared(0.2, -0.1, ratio=3.0))
    assert better is not None
    assert (better.arrow, better.said, better.worse) == ("▲", "0.30", False)
    moved = change_of(ZH, IndicatorId.VOLUME, compared(50, 100, ratio=-0.5))
    assert moved is not None
    assert (moved.arrow, moved.said, moved.worse) == ("▼", "50.0%", None)


def test_what_does_not_move_and_what_cannot_be_compared():
    same = change_of(ZH, IndicatorId.NEGATIVE_SHARE, compared(0.3, 0.3, ratio=0.0))
    assert same is not None
    assert same.said == "与前一段时间持平"
    assert change_of(ZH, IndicatorId.VOLUME, None) is None


def test_a_value_and_its_unit_are_told_apart():
    assert parted(ZH, IndicatorId.COMPLAINTS_PER_1000, 214.2) == ("214.2", "")
    assert parted(EN, IndicatorId.VOLUME, 1_204.0) == ("1,204", "posts")
    assert parted(EN, IndicatorId.NEGATIVE_SHARE, 0.5) == ("50.0%", "")
