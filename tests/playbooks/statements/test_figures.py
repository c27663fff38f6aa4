from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.statements.figures import figures, han_number, is_known, known_values


def said(text: str) -> list[tuple[str, object]]:
    return [(text[item.start : item.end], item.value[1]) for item in figures(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共 1,238 件", [("1,238", Decimal(1238))]),
        ("约１２人", [("１２", Decimal(12))]),
        ("三十八例、两批次", [("三十八", Decimal(38)), ("两", Decimal(2))]),
        ("约十二万人", [("十二万", Decimal(120_000))]),
        ("12.5 万元", [("12.5 万", Decimal(125_000))]),
        ("占百分之三，另有 2.5%", [("百分之三", Decimal(3)), ("2.5%", Decimal("2.5"))]),
        ("2026年3月2日14:05", [("2026年3月2日", (2026, 3, 2)), ("14:05", (14, 5))]),
        ("3月2日下午2点半", [("3月2日", (None, 3, 2)), ("下午2点半", (14, 30))]),
        ("2026-03-02", [("2026-03-02", (2026, 3, 2))]),
        ("on 2 March 2026", [("2 March 2026", (2026, 3, 2))]),
        ("中午 12 点", [("中午 12 点", (12, 0))]),
    ],
)
def test_figures_are_read(text: str, found: list[tuple[str, object]]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "电话 400-820-8820、010-88886666、13800138000、12315",
        "服务时间 9:00-21:00，7×24",
        "24小时有人接听",
        "https://shanlan.example/2026/38",
        "联系 care38@shanlan.example",
        "1. 原因",
        "一个星期、一起努力、第一次、第三方",
        "13月45日",
        "25:99",
    ],
)
def test_what_states_no_fact_is_left_out(text: str) -> None:
    assert [surface for surface, _ in said(text) if surface not in ("13", "45", "25", "99")] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三千二百", 3200),
        ("两万", 20_000),
        ("一亿", 10**8),
        ("二三", None),
        ("人", None),
    ],
)
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert han_number(text) == number


def test_a_figure_is_known_however_it_is_written() -> None:
    known = known_values(["共 38 例，2026年3月2日 14:05"])

    for text in ("三十八例", "38", "3月2日", "2026-03-02", "下午2点5分"):
        assert all(is_known(item.value, known) for item in figures(text)), text
    for text in ("39 例", "3月3日", "2025-03-02", "14:06"):
        assert not any(is_known(item.value, known) for item in figures(text)), text


ALPHABET = (
    "0123456789０１２一二三十百千万亿年月日时点分:：.,，。%％百分之第人例件 -/aMarch两半上下午{}"
)


@given(st.text(alphabet=ALPHABET, max_size=60))
@settings(max_examples=200)
def test_places_are_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for item in figures(text):
        assert end <= item.start < item.end <= len(text)
        assert text[item.start : item.end].strip()
        end = item.end
