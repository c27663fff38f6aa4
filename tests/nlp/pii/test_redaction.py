"""Masks keep the shape, hide the rest, and masking again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.pii import MASK, Pii, PiiKind, find_pii, redacted
from nlp.text import normalize

_BRACKETS = str.maketrans("", "", "⟦⟧")
PIECES = (
    "13812345678 １３８-1234 一三八1234 5678 +86 010-88886666 11010519491231002X 4111 电话 微信:"
    " 6222021234567890128 QQ： 微 信 a@b.cn abc[at]qq.com 加v abc12345 京A·D12345 車牌 3栋2单元501"
    " 北京市朝阳区 建国路88号 我叫 張偉 联系人: 李建国先生 欧阳小明 😀 1️⃣ \u200b \u202e ○ 八八八八"
    " * ** ㎏ ½ ﬁ é \n \ud800 訂單號 http://t.cn/"
)
MIXED = st.lists(
    st.one_of(st.sampled_from(PIECES.split(" ")), st.text(max_size=4), st.just(" ")), max_size=14
).map("".join)


def masked(text: str) -> str:
    return redacted(text, find_pii(normalize(text)))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("138-1234-5678", "138-****-5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("一三八一二三四五六七八", "一三八****五六七八"),
        ("+86 13812345678", "+86 138****5678"),
        ("8613812345678", "86138****5678"),
        ("+852 9123 4567", "+852 912* ****"),
        ("电话88886666", "电话888***66"),
        ("电话6530999", "电话653****"),
        ("010-88886666", "010-******66"),
        ("11010519491231002X", "110*************2X"),
        ("6222021234567890128", "6222***********0128"),
        ("4111 1111 1111 1111", "4111 **** **** 1111"),
        ("abc@qq.com", "a**@qq.com"),
        ("a@b.cn", "*@b.cn"),
        ("a.bc[at]qq.com", "a***[at]qq.com"),
        ("QQ：123456789", "QQ：12*****89"),
        ("QQ：12345", "QQ：12***"),
        ("微信：zhang_san", "微信：zh***_***"),
        ("京A·D12345", "京A·******"),
        ("住在北京市朝阳区建国路88号", "住在北京市朝阳区******"),
        ("寄到幸福路12号，谢谢", "寄到******，谢谢"),
        ("我叫张伟，", "我叫张*，"),
        ("收件人：张小伟", "收件人：张**"),
        ("联系人：欧阳小明", "联系人：欧阳**"),
        ("My name is John Smith.", "My name is J*** *****."),
    ],
)
def test_the_shape_stays(text: str, safe: str) -> None:
    assert masked(text) == safe


def test_a_text_without_any_comes_back_as_it_is() -> None:
    text = "".join(("这家店的", "奶茶"))
    assert redacted(text, ()) is text


def test_order_of_the_finds_does_not_matter() -> None:
    text = "张伟 13812345678"
    finds = (Pii(PiiKind.MOBILE, 3, 14), Pii(PiiKind.NAME, 0, 2))
    assert redacted(text, finds) == "张* 138****5678"


def test_a_span_without_letters_has_nothing_to_hide() -> None:
    assert redacted("张，，伟", (Pii(PiiKind.NAME, 1, 3),)) == "张，，伟"


def test_an_address_whose_sign_is_unknown_is_hidden_whole() -> None:
    assert redacted("a﹫b.cn", (Pii(PiiKind.EMAIL, 0, 6),)) == "a*****"


def test_nothing_more_is_found_in_a_masked_text() -> None:
    table = Path(__file__).with_name("cases.tsv").read_text(encoding="utf-8")
    cases = [line.split("\t")[1].translate(_BRACKETS) for line in table.split("\n")[1:] if line]
    for text in (*cases, "6222021234567890128 8888 6666", "电话:0512 11010519491231002X 88886666"):
        once = masked(text)
        assert masked(once) == once


@settings(max_examples=300)
@given(MIXED)
def test_masking_the_same_spans_again_changes_nothing(text: str) -> None:
    finds = find_pii(normalize(text))
    once = redacted(text, finds)
    assert len(once) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, once, strict=True))
    assert redacted(once, finds) == once
    assert (once is text) == (not finds)
