"""What stands out, and what does not."""

from __future__ import annotations

from service.stores.post_store import TermCount
from service.stores.significance import stand_out


def test_a_burst_beats_common_and_rare_words() -> None:
    background = [["的", f"rare{n}"] for n in range(100)]
    matches = [["的", "玻璃"], ["的", "玻璃"], ["的", "once"]]
    terms = [term.term for term in stand_out(matches, background + matches, limit=3)]
    assert terms == ["玻璃", "once", "的"]


def test_a_token_counts_once_a_post() -> None:
    (term,) = stand_out([["茶", "茶"], ["茶"]], [["茶", "茶"]], limit=5)
    assert term == TermCount(term="茶", posts=2, background=1)


def test_ties_go_by_count_then_alphabet() -> None:
    terms = stand_out([["b", "a"], ["a", "b"]], [], limit=2)
    assert [term.term for term in terms] == ["a", "b"]


def test_nothing_stands_out_of_nothing() -> None:
    assert stand_out([], [["a"]], limit=5) == ()
