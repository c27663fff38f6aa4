"""Groups of postings for the coordination table, and the scheme before."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from bench.spread_campaigns import CAMPAIGNS, ordinary_pasting, shared
from bench.spread_simhash import were_copies
from nlp.spread.coordination import judge_coordination
from nlp.training.cascade_rows import GrownCascade

LONG = (
    "昨天在小区门口的便利店给孩子买了一瓶青柚茶，回家打开喝了两口发现瓶底有亮晶晶的碎片，"
    "倒出来一看居然像玻璃渣，孩子嘴角也划破了，打客服电话一直占线，到现在没有人给说法"
)


def test_campaigns_score_above_ordinary_people_and_real_sharing() -> None:
    draw = random.Random(2)
    ages = tuple(timedelta(minutes=draw.paretovariate(0.5)) for _ in range(80))
    cascade = GrownCascade("c", datetime(2026, 3, 1, tzinfo=UTC), 900, tuple(sorted(ages)))
    real = judge_coordination(shared(cascade, window=timedelta(hours=1))).score
    usual = judge_coordination(ordinary_pasting(draw)).score
    assert real < usual < min(judge_coordination(make(draw)).score for make in CAMPAIGNS.values())


def test_the_window_of_a_cascade_ends() -> None:
    ages = (timedelta(0), timedelta(minutes=5), timedelta(hours=2))
    cascade = GrownCascade("c", datetime(2026, 3, 1, tzinfo=UTC), 900, ages)
    first, second = shared(cascade, window=timedelta(hours=1))
    assert (first.followers, first.shared) == (900, False)
    assert (second.followers, second.shared) == (None, True)


def test_the_scheme_before_knew_small_edits_of_long_texts_only() -> None:
    assert were_copies(LONG, LONG.replace("昨天", "前天"))
    assert were_copies("难喝！", "难喝")
    assert not were_copies(LONG, LONG[: len(LONG) // 3])
    assert not were_copies("难喝", "好喝")
    assert not were_copies("转发微博", "转发微博")
