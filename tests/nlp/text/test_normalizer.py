"""The normal form and its way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.text.normalizer import normalize

TRICKY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "哈著乾名隆 \n\t\u3000\u200b\u200d\ufe0f\u00ad\u202e㎏ﬁ½ßİǰΆ\u0345\u0301\u0323éÅ가각"
            "각ｶﾞ\u3099麼於苧薴ａＡ１１!！\ud800\U000e0100\u1160"
        ),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＡＢＣ，！", "abc,!"),
        ("㎏ﬁ½", "kgfi1⁄2"),
        ("麼於無產階級", "么于无产阶级"),
        ("爆\u200b炸\ufe0f\u202e!", "爆炸!"),
        ("soft\u00adware", "software"),
        ("e\u0301te\u0301", "été"),
        ("\u1100\u1161\u11a8", "각"),
        ("ｶﾞ", "ガ"),
        ("哈哈哈哈", "哈哈"),
        ("！！！！coooool", "!!cool"),
        ("10000元", "10000元"),
        ("一\n二\t 三", "一 二 三"),
        ("a\x00b\x07", "ab"),
        ("Straße", "strasse"),
    ],
)
def test_one_spelling(text: str, normal: str) -> None:
    assert normalize(text).text == normal


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("看著著名的書", "看着著名的书"),
        ("餅乾和乾隆", "饼干和乾隆"),
        ("瞭解，瞭望", "了解,瞭望"),
        ("回覆與顛覆", "回复与颠覆"),
        ("看著…", "看着.."),
        ("看\u200b著㎏", "看着kg"),
    ],
)
def test_context_decides_the_simplified_form(text: str, normal: str) -> None:
    assert normalize(text).text == normal


def test_plain_text_needs_no_map() -> None:
    normal = normalize("这家店的奶茶，喝完拉肚子！")
    assert normal.starts is None
    assert normal.original_span(3, 5) == (3, 5)


def test_a_removed_character_lies_inside_the_span() -> None:
    assert normalize("手机爆\u200b\u200b炸了").original_span(2, 4) == (2, 6)


def test_an_expanded_character_maps_to_itself_whole() -> None:
    normal = normalize("重5㎏")
    assert normal.text == "重5kg"
    assert normal.original_span(2, 3) == normal.original_span(3, 4) == (2, 3)


def test_a_run_is_covered_by_its_two_survivors() -> None:
    normal = normalize("哈哈哈哈哈嗯")
    assert normal.original_span(0, 2) == (0, 5)
    assert normal.original_span(0, 1) == (0, 1)
    assert normal.original_span(1, 3) == (4, 6)


def test_lone_surrogates_survive() -> None:
    assert normalize("a\ud800b").text == "a\ud800b"


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (1, 1), (0, 3), (2, 1)])
def test_spans_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not inside"):
        normalize("ab").original_span(start, end)


@settings(max_examples=300)
@given(TRICKY)
@example("\u0344\u0344\u0344")
@example("著著著名")
def test_normal_form_is_its_own_normal_form(text: str) -> None:
    normal = normalize(text).text
    assert normalize(normal).text == normal


@settings(max_examples=300)
@given(TRICKY)
def test_spans_are_inside_monotone_and_never_empty(text: str) -> None:
    normal = normalize(text)
    spans = [normal.original_span(index, index + 1) for index in range(len(normal.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@settings(max_examples=200)
@given(TRICKY)
def test_a_span_folds_to_what_it_stands_for(text: str) -> None:
    normal = normalize(text)
    for index, character in enumerate(normal.text):
        start, end = normal.original_span(index, index + 1)
        alone = normalize(text[start:end]).text
        # A context-dependent character may fold differently without its neighbours.
        assert character in alone or text[start:end] in "著乾" or character in "著着乾干"


@settings(max_examples=100)
@given(TRICKY, TRICKY)
def test_traditional_and_simplified_meet(left: str, right: str) -> None:
    assert (
        normalize(f"{left}。產品問題。{right}").text == normalize(f"{left}。产品问题。{right}").text
    )


def test_a_mountain_of_marks_is_cut() -> None:
    text = "a" + "\u0301\u0323" * 50_000
    normal = normalize(text)
    assert len(normal.text) < 10
    assert normal.original_span(0, len(normal.text)) == (0, len(text))
