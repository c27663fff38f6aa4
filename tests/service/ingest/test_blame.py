"""Whom a post's words blame, and which monitors that spares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nlp import normalize
from nlp.targeted import Entity
from service.ingest.blame import Blame, Wording, blame_of, is_spared, spared
from service.monitors import Sides

JICHUAN = Sides(
    brand_id="jichuan",
    ours=(Entity("极川汽车", ("极川",)),),
    others=(Entity("云帆汽车", ("云帆",)),),
    our_names=frozenset({"极川汽车", "极川"}),
    other_names=frozenset({"云帆汽车", "云帆"}),
)
YUNFAN = Sides(
    brand_id="yunfan",
    ours=JICHUAN.others,
    others=JICHUAN.ours,
    our_names=JICHUAN.other_names,
    other_names=JICHUAN.our_names,
)
RIVAL = "云帆刹车异响，4S店不认账，投诉无门，早知道买极川"
BOTH = "极川和云帆都是垃圾"
OWN = "极川车机卡死，投诉无门"
ELSEWHERE = "太可怕了，垃圾"


def said(text: str, **changes: Any) -> Wording:
    """Words that analysis has found negative."""
    wording = Wording(text=text, normal=normalize(text).text, sentiment="negative", severity=0)
    return replace(wording, **changes)


@pytest.mark.parametrize(
    ("text", "jichuan", "yunfan"),
    [
        (RIVAL, Blame.OTHERS, Blame.OURS),
        ("雲帆刹车异响，4S店不认账，投诉无门，早知道买極川", Blame.OTHERS, Blame.OURS),
        ("云帆车机死机，垃圾", Blame.OTHERS, Blame.OURS),
        (BOTH, Blame.OURS, Blame.OURS),
        (OWN, Blame.OURS, Blame.OTHERS),
        (ELSEWHERE, Blame.UNSAID, Blame.UNSAID),
        ("", Blame.UNSAID, Blame.UNSAID),
    ],
)
def test_whom_bad_news_blames(text: str, jichuan: Blame, yunfan: Blame) -> None:
    assert (blame_of(said(text), JICHUAN), blame_of(said(text), YUNFAN)) == (jichuan, yunfan)


@pytest.mark.parametrize("sentiment", ["neutral", "positive", None])
def test_what_is_no_bad_news_blames_nobody(sentiment: str | None) -> None:
    assert blame_of(said(RIVAL, sentiment=sentiment), JICHUAN) is Blame.UNSAID


def test_a_counted_hit_is_bad_news_whatever_the_tone() -> None:
    assert blame_of(said(RIVAL, sentiment="neutral", severity=3), JICHUAN) is Blame.OTHERS


def test_every_monitor_is_judged_by_its_own_brand() -> None:
    sides = {"ours": JICHUAN, "ours_too": JICHUAN, "theirs": YUNFAN, "trade": None}
    assert spared(said(RIVAL), sides=sides) == ("ours", "ours_too")
    assert spared(said(OWN), sides=sides) == ("theirs",)
    assert spared(said(BOTH), sides=sides) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("转发微博", ("cars", "trade")),
        (ELSEWHERE, ("cars", "trade")),
        (OWN, ("trade",)),
        (RIVAL, ("cars", "trade")),
    ],
)
def test_words_of_its_own_come_before_what_a_post_shares(
    text: str, expected: tuple[str, ...]
) -> None:
    sides = {"cars": JICHUAN, "trade": None}
    assert spared(said(text), sides=sides, inherited=("cars", "gone", "trade")) == expected


@pytest.mark.parametrize(
    ("lineage", "expected"),
    [
        ((RIVAL,), True),
        ((ELSEWHERE, "转发微博", RIVAL), True),
        ((OWN, RIVAL), False),
        ((RIVAL, OWN), True),
        ((ELSEWHERE, OWN), False),
        ((ELSEWHERE,), False),
        ((), False),
    ],
)
def test_the_nearest_words_that_say_it_decide(lineage: tuple[str, ...], expected: bool) -> None:
    assert is_spared((said(text) for text in lineage), JICHUAN) is expected
