"""Private numbers and addresses: masked one code point for one, other numbers left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.monitoring.masking import masked


@pytest.mark.parametrize(
    "private",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "11010519491231002X",
        "11010519491231002x",
        "6222021234567890128",
        "4111111111111111",
        "4111 1111 1111 1111",
        "xiao.he+tea@mail.example.com",
        "ｘ@ｍａｉｌ．ｅｘａｍｐｌｅ",
    ],
)
def test_what_names_a_person_is_masked_in_its_length(private: str) -> None:
    assert masked(f"电话{private}，谢谢") == f"电话{'*' * len(private)}，谢谢"


def test_a_card_is_found_beside_other_digits() -> None:
    assert masked("3 4111 1111 1111 1111 5 天") == f"3 {'*' * 19} 5 天"


@pytest.mark.parametrize(
    "harmless",
    [
        "12800138000",
        "订单 1380013800",
        "138001380001",
        "110105194912310021",
        "4111111111111112",
        "@小雨 喝了 3 杯，花了 58.5 元",
        "2026-03-02 12:00:00",
        "",
    ],
)
def test_other_numbers_stay(harmless: str) -> None:
    assert masked(harmless) == harmless


@given(st.text("13８0@.a-X 小\U0001f600", max_size=60))
def test_spans_hold_and_masking_again_changes_nothing(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, once, strict=True))
    assert masked(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("小雨：，", max_size=5))
def test_no_mobile_number_is_left(number: str, around: str) -> None:
    assert masked(f"{around}{number}{around}") == f"{around}{'*' * 11}{around}"
