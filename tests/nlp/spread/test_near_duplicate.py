"""Keys of copies."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import CopyKey
from nlp.spread.near_duplicate import copy_key, is_copy
from nlp.spread.sketch import BANDS, distance
from nlp.text.normalizer import normalize

LONG = (
    "昨天在小区门口的便利店给孩子买了一瓶青柚茶，回家打开喝了两口发现瓶底有亮晶晶的碎片，"
    "倒出来一看居然像玻璃渣，孩子嘴角也划破了，打客服电话一直占线，到现在没有人给说法"
)
OTHER = (
    "这个周末带家人去郊外爬山，山顶的风很大，不过视野特别好，能看到远处的湖和一整片油菜花田，"
    "下山以后在农家乐吃了土鸡和野菜，味道比城里的馆子强多了，下次还想再来一次"
)


def key(text: str) -> CopyKey:
    return copy_key(normalize(text).text)


def test_equal_words_are_a_copy_whatever_stands_around() -> None:
    copy = f"//@路人甲: {LONG.replace('，', ' ')}！！ https://t.example/x"
    assert key(copy).exact == key(LONG).exact
    assert is_copy(key(copy), key(LONG))


def test_a_small_edit_of_a_long_text_is_a_copy() -> None:
    edited = LONG.replace("昨天", "前天") + "转给大家看看"
    assert key(edited).exact != key(LONG).exact
    assert is_copy(key(edited), key(LONG))


def test_a_comment_before_somebodys_words_leaves_them_a_copy() -> None:
    assert is_copy(key(f"大家快来看看吧//@路人甲:{LONG}"), key(LONG))
    assert is_copy(key(f"大家快来看看吧，{LONG}"), key(LONG))


def test_the_first_half_is_a_copy() -> None:
    assert is_copy(key(LONG[: len(LONG) // 2]), key(LONG))


def test_other_numbers_in_one_template_are_no_copy() -> None:
    bulletin = "{}月{}日澄屿新增{}例，累计{}例，其中重症{}例，出院{}例，仍在观察{}人"
    first, second = bulletin.format(1, 2, 3, 40, 5, 16, 72), bulletin.format(2, 9, 8, 97, 11, 30, 6)
    assert not is_copy(key(first), key(second))


def test_an_edited_copy_shares_a_band() -> None:
    assert set(key(LONG.replace("两口", "三口")).bands) & set(key(LONG).bands)


def test_what_shares_no_band_is_not_compared() -> None:
    one, other = key(LONG), key(OTHER)
    assert not is_copy(one, replace(one, exact=other.exact, bands=other.bands))


def test_another_text_is_none() -> None:
    assert not is_copy(key(OTHER), key(LONG))
    assert distance(key(OTHER).simhash, key(LONG).simhash, shared=BANDS) is None


def test_very_short_texts_are_copies_only_when_equal() -> None:
    assert key("这茶真难喝").bands == ()
    assert is_copy(key("这茶真难喝！"), key("这茶真难喝"))
    assert not is_copy(key("这茶真难喝"), key("这茶真好喝"))


@pytest.mark.parametrize("text", ["转发微博", "", "！！！", "@路人甲"])
def test_a_text_without_words_is_nobodys_copy(text: str) -> None:
    assert key(text) == CopyKey(exact="", simhash=0, bands=())
    assert not is_copy(key(text), key(text))


@settings(max_examples=100)
@given(st.text(max_size=1200))
def test_any_text_has_a_key_and_is_its_own_copy(text: str) -> None:
    found = key(text)
    assert 0 <= found.simhash < 1 << 64
    assert is_copy(found, found) == bool(found.exact)
