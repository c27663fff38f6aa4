"""Lengths in bytes, cut between code points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.delivery.channels.cutting import assemble, cut, size


@given(text=st.text(max_size=50), limit=st.integers(min_value=0, max_value=120))
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert size(shown) <= limit
    assert shown == text or (shown == "" or shown.endswith("…"))
    assert text.startswith(shown.removesuffix("…")) or shown == text


def test_a_chinese_character_is_three_bytes() -> None:
    assert cut("奶茶异物", 12) == "奶茶异物"
    assert cut("奶茶异物", 11) == "奶茶…"
    assert cut("奶茶异物", 2) == ""


@given(
    head=st.text(max_size=20),
    rows=st.lists(st.text(max_size=30), max_size=12),
    tail=st.text(max_size=20),
    room=st.integers(min_value=0, max_value=300),
)
def test_the_tail_is_whole_and_the_whole_fits(
    head: str, rows: list[str], tail: str, room: int
) -> None:
    limit = size(tail) + 1 + room
    whole = assemble(head, rows, tail, limit=limit)
    assert size(whole) <= limit
    assert whole.endswith(tail)


def test_rows_left_out_leave_a_mark() -> None:
    whole = assemble("标题", ["一" * 10, "二" * 10], "链接", limit=50)
    assert whole == f"标题\n{'一' * 10}\n…\n链接"


def test_everything_that_fits_is_there() -> None:
    assert assemble("a", ["b", "c"], "d", limit=100) == "a\nb\nc\nd"
    assert assemble("a", ["b"], "", limit=100) == "a\nb"
