"""Keys of copies."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import CopyKey
from nlp.spread.near_duplicate import copy_key, hamming, is_copy, simhash
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


def test_an_edited_copy_shares_a_band() -> None:
    assert set(key(LONG.replace("两口", "三口")).bands) & set(key(LONG).bands)


def test_another_text_is_none() -> None:
    assert not is_copy(key(OTHER), key(LONG))
    assert hamming(key(OTHER), key(LONG)) > 16


def test_short_texts_are_copies_only_when_equal() -> None:
    assert key("这茶真难喝").bands == ()
    assert is_copy(key("这茶真难喝！"), key("这茶真难喝"))
    assert not is_copy(key("这茶真难喝"), key("这茶真好喝"))


@pytest.mark.parametrize("text", ["转发微博", "", "！！！", "@路人甲"])
def test_a_text_without_words_is_nobodys_copy(text: str) -> None:
    assert key(text) == CopyKey(exact="", simhash=0, bands=())
    assert not is_copy(key(text), key(text))


def test_bands_cover_the_whole_fingerprint() -> None:
    found = key(LONG)
    widths = (10, 9, 9, 9, 9, 9, 9)
    values = [int(band.split(":")[1], 16) for band in found.bands]
    shifts = [sum(widths[:index]) for index in range(len(widths))]
    whole = sum(value << shift for value, shift in zip(values, shifts, strict=True))
    assert whole == found.simhash
    assert all(left != right for left, right in pairwise(found.bands))


def test_the_fingerprint_is_the_majority_of_each_bit() -> None:
    # One 3-gram: the fingerprint is its hash, and any number of equal ones has the same majority.
    assert simhash("ababab"[:3]) == simhash("aba")
    assert simhash("zzzzzzzz") == simhash("zzz")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=1200))
def test_any_text_has_a_key_and_is_its_own_copy(text: str) -> None:
    found = key(text)
    assert 0 <= found.simhash < 1 << 64
    assert is_copy(found, found) == bool(found.exact)
