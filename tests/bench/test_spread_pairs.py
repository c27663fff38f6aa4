"""Pairs made by editing posts, and pairs of different posts."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("sklearn", reason="comes with the extra [training]")

from bench.spread_pairs import Edits, is_different, negatives, positives

_PLACES = ("江湾", "北岸", "柳溪", "东门", "石桥", "云台")


def _post(number: int) -> str:
    """Every second one is a copy of the others of its kind but for a place and a number."""
    tag = f"#澄屿青柚茶{number % 40}#"
    if number % 2:
        place = _PLACES[number % len(_PLACES)]
        return f"{tag}今天在{place}店第{number}次喝到的青柚茶味道不错，店员很热情！"
    own = "".join(
        random.Random(number).choices([chr(code) for code in range(0x4E00, 0x5800)], k=30)
    )
    return f"{tag}周末爬山{own}"


POSTS = [_post(number) for number in range(400)]


def test_every_edit_changes_a_text_and_keeps_most_of_it() -> None:
    text = "昨天在江湾店买的青柚茶里喝出一只虫子，ABC店员还不承认，投诉也没人理，大家千万别买了"
    for kind, edit in Edits(POSTS, random.Random(1)).kinds.items():
        edited = edit(text)
        assert edited != text, kind
        assert len(edited) >= len(text) // 2


def test_the_same_seed_makes_the_same_pairs() -> None:
    assert positives(POSTS, each=5, seed=3) == positives(POSTS, each=5, seed=3)
    assert positives(POSTS, each=5, seed=3) != positives(POSTS, each=5, seed=4)


def test_negatives_are_not_copies_in_the_wild() -> None:
    found = negatives(POSTS, each=40, seed=3)
    assert set(found) == {"nearest by tf-idf", "one hashtag", "any two", "one template"}
    assert len(found["one template"]) == len(found["any two"]) == 40
    for kind in ("nearest by tf-idf", "one hashtag"):
        assert found[kind]
        assert not any("喝到" in one and "喝到" in other for one, other in found[kind])


LONG = "昨天在江湾店买的青柚茶里喝出一只虫子，店员还不承认"


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        (LONG, "周末去爬山看日出，山顶的风特别大，差点站不稳", True),
        (f"气死//@甲:{LONG}", f"太过分了！//@乙:{LONG}", False),
        ("店员还不承认。昨天在江湾店买的青柚茶里喝出一只虫子", LONG, False),
        ("#澄屿青柚茶#好喝", "#澄屿青柚茶#难喝死了", True),
        ("转发微博", LONG, False),
    ],
)
def test_what_is_quoted_counts_and_the_order_of_sentences_does_not(
    one: str, other: str, *, different: bool
) -> None:
    assert is_different(one, other) is different
