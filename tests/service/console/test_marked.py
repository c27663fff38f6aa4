"""Highlights: text in pieces, nothing lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.console.marked import hit_spans, marked

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(st.text(max_size=50), SPANS)
def test_the_pieces_make_up_the_text_whatever_the_spans(text: str, spans: list[tuple[int, int]]):
    assert "".join(piece for piece, _ in marked(text, spans)) == text


@given(st.text(max_size=50), SPANS)
def test_a_character_is_marked_exactly_when_a_span_covers_it(
    text: str, spans: list[tuple[int, int]]
):
    flags = [flag for piece, flag in marked(text, spans) for _ in piece]
    assert flags == [
        any(start <= place < end for start, end in spans) for place in range(len(text))
    ]


@given(st.text(max_size=50), SPANS)
def test_marked_and_unmarked_pieces_take_turns(text: str, spans: list[tuple[int, int]]):
    flags = [flag for _, flag in marked(text, spans)]
    assert all(one is not other for one, other in pairwise(flags))


def test_spans_count_code_points():
    assert marked("😡杯子漏水", [(3, 5)]) == (("😡杯子", False), ("漏水", True))


def test_only_hits_of_the_field_with_a_span_are_marked():
    hits = [
        {"field": "text", "start": 1, "end": 2},
        {"field": None, "start": 3, "end": 4},
        {"field": "title", "start": 5, "end": 6},
        {"field": "text", "start": None, "end": None},
    ]
    assert hit_spans(hits, "text") == ((1, 2), (3, 4))
    assert hit_spans(hits, "title") == ((5, 6),)
