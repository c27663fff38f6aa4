"""What is found, what is left alone, and where: cases.tsv marks each find in brackets."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.pii import Pii, PiiKind, find_pii
from nlp.text import normalize

CASES = [
    tuple(line.split("\t")[:2])
    for line in (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").split("\n")[1:]
    if line
]
PIECES = (
    "13812345678 １３８-1234 一三八1234 5678 +86 010-88886666 11010519491231002X 4111 电话 微信:"
    " 6222021234567890128 QQ： 微 信 a@b.cn abc[at]qq.com 加v abc12345 京A·D12345 車牌 3栋2单元501"
    " 北京市朝阳区 建国路88号 我叫 張偉 联系人: 李建国先生 欧阳小明 😀 1️⃣ \u200b \u202e ○ 八八八八"
    " * ** ㎏ ½ ﬁ é \n \ud800 訂單號 http://t.cn/"
)
MIXED = st.lists(
    st.one_of(st.sampled_from(PIECES.split(" ")), st.text(max_size=4), st.just(" ")), max_size=14
).map("".join)


def spans(text: str, kind: str) -> list[str]:
    return [text[pii.start : pii.end] for pii in find_pii(normalize(text)) if pii.kind == kind]


@pytest.mark.parametrize(("kind", "marked"), CASES)
def test_the_marked_and_nothing_else_of_the_kind_is_found(kind: str, marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    assert spans(text, kind) == re.findall("⟦(.*?)⟧", marked)


def test_every_kind_has_its_cases_of_both_sorts() -> None:
    sorts = Counter((kind, "⟦" in marked) for kind, marked in CASES)
    assert {kind: sorts[kind, True] >= 30 and sorts[kind, False] >= 28 for kind in PiiKind} == (
        dict.fromkeys(PiiKind, True)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13812345678@163.com", [PiiKind.EMAIL]),
        ("微信：13812345678", [PiiKind.MOBILE]),
        ("QQ:13812345678", [PiiKind.MOBILE]),
        ("身份证11010519491231002X", [PiiKind.ID_CARD]),
        ("姓名：张伟 电话13812345678 微信zhang_wei", ["name", "mobile", "wechat"]),
    ],
)
def test_the_more_certain_kind_keeps_the_span(text: str, found: list[str]) -> None:
    assert [pii.kind for pii in find_pii(normalize(text))] == found


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("電話：１３８-1234 5678，謝謝", "１３８-1234 5678"),
        ("㎏½😀一三八八八八八八八八八😀", "一三八八八八八八八八八"),
        ("哈哈哈哈哈13812345678", "13812345678"),
        ("138\u200b1234\u200b5678", "138\u200b1234\u200b5678"),
    ],
)
def test_offsets_are_of_the_original(text: str, surface: str) -> None:
    assert spans(text, "mobile") == [surface]


def test_a_text_without_any_has_none() -> None:
    assert find_pii(normalize("这家店的奶茶，喝完拉肚子！花了58.5元，2020-01-19买的")) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "微信：abc12345QQ5105 1051 0510 5100",
            [("wechat", "abc12345QQ"), ("bank_card", "5105 1051 0510 5100")],
        ),
        (
            "内蒙古自治区包头市昆区中山路3号 010-88886666",
            [("address", "内蒙古自治区包头市昆区中山路3号"), ("landline", "010-88886666")],
        ),
    ],
)
def test_what_sticks_out_of_a_more_certain_kind_remains(
    text: str, found: list[tuple[str, str]]
) -> None:
    finds = find_pii(normalize(text))
    assert [(pii.kind.value, text[pii.start : pii.end]) for pii in finds] == found


@settings(max_examples=300)
@given(MIXED)
@example("八八\u0301八八八八")
@example("13812345678½13812345678")
def test_finds_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    found = find_pii(normalize(text))
    places = [place for pii in found for place in (pii.start, pii.end)]
    assert places == sorted(places)
    assert all(0 <= pii.start < pii.end <= len(text) for pii in found)
    assert all(isinstance(pii, Pii) for pii in found)


@settings(max_examples=100)
@given(
    st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True),
    st.text("小雨：，😀繁體 ", max_size=6),
    st.sampled_from(["0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨"]),
)
def test_a_mobile_number_is_found_wherever_it_stands(number: str, around: str, ten: str) -> None:
    written = "".join(ten[int(digit)] for digit in number)
    assert spans(f"{around}{written}{around}", "mobile") == [written]


@pytest.mark.parametrize(
    "unit", ["1 ", "区1号", "路1号", "微信:a", "a@a.", "张伟先生", "o1l", "一", "http://a 12345 "]
)
def test_hostile_repetition_ends(unit: str) -> None:
    """pytest's own limit stands for the bound; a quadratic finder would need minutes."""
    text = (unit * 100_000)[:100_000]
    assert all(pii.end <= len(text) for pii in find_pii(normalize(text)))
