from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from service.statements.diff import diff

TEXT = st.text(alphabet="我们正在核实，。！\n退款a ", max_size=120)


@given(before=TEXT, after=TEXT)
@settings(max_examples=150)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = diff(before, after)

    assert "".join(piece.before for piece in pieces) == before
    assert "".join(piece.after for piece in pieces) == after
    for piece in pieces:
        assert before[piece.start : piece.end] == piece.before
        assert after[piece.new_start : piece.new_end] == piece.after
        assert (piece.op == "equal") is (piece.before == piece.after)


def test_a_changed_word_is_told_alone() -> None:
    pieces = diff("我们正在核实。明天通报。", "我们正在调查。明天通报。")

    changed = [(piece.op, piece.before, piece.after) for piece in pieces if piece.op != "equal"]
    assert changed == [("replace", "核实", "调查")]


def test_a_long_change_is_told_as_a_whole() -> None:
    pieces = diff("甲" * 500, "乙" * 500 + "甲")

    assert [piece.op for piece in pieces] == ["replace"]
