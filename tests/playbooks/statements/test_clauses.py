from __future__ import annotations

import pytest

from playbooks.statements.clauses import around, sentences


def test_sentences_keep_their_marks_and_lose_their_space() -> None:
    text = " 我们道歉。 “真的？”\n\n。\n明天 再说  "

    assert [text[start:end] for start, end in sentences(text)] == [
        "我们道歉。",
        "“真的？”",
        "明天 再说",
    ]


@pytest.mark.parametrize(
    ("place", "span"), [(0, None), (2, (2, 4)), (3, (2, 4)), (4, None), (6, (5, 9)), (9, None)]
)
def test_the_span_around_a_place(place: int, span: tuple[int, int] | None) -> None:
    assert around([(2, 4), (5, 9)], place) == span
