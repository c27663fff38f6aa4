"""Highlights are honest spans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stores.highlight import highlights, locate_folded


@pytest.mark.parametrize(
    ("text", "search", "marked"),
    [
        ("瓶里有玻璃渣", "玻璃", ["玻璃"]),
        ("Tea tea TEA", "tea", ["Tea", "tea", "TEA"]),
        ("玻璃，渣", "玻璃，渣", ["玻璃，渣"]),
        ("玻璃和渣", "玻璃，渣", ["玻璃", "渣"]),
        ("玻璃渣", "玻璃 璃渣", ["玻璃渣"]),
        ("İstanbul tea", "TEA", ["tea"]),
        ("İx", "İX", ["İx"]),
        ("a", "b", []),
        ("a", "", []),
        ("哈" * 500, "哈", ["哈" * 100]),
        ("无" * 20_000 + "玻璃", "玻璃", []),
    ],
)
def test_marks(text: str, search: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlights(text, search)] == marked


def test_the_locator_decides_what_a_word_looks_like() -> None:
    def locate(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
        return [(2, 3), (0, 1)] if terms == ("退货",) else []

    assert highlights("退貨", "退货", locate=locate) == ((0, 1), (2, 3))


@given(st.text("abAB 玻璃İß.", max_size=40), st.text("abAB 玻璃İß.", max_size=6))
def test_spans_are_sorted_disjoint_and_inside(text: str, search: str) -> None:
    spans = highlights(text, search)
    flat = [edge for span in spans for edge in span]
    assert flat == sorted(set(flat))
    assert all(0 <= edge <= len(text) for edge in flat)


@given(st.text(max_size=20), st.text(min_size=1, max_size=4), st.text(max_size=20))
def test_a_term_that_stands_there_is_located(before: str, term: str, after: str) -> None:
    assert locate_folded(before + term + after, (term,))
