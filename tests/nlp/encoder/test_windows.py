"""Windows lose nothing; passes hold every window once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from nlp.encoder.backend import Window
from nlp.encoder.windows import batches, cutter, pad, spans
from tests.support.tiny_model import LONGEST, OVERLAP, tokenizer

SIZES = st.integers(1, 60).flatmap(
    lambda longest: st.tuples(st.just(longest), st.integers(0, longest - 1))
)


@given(tokens=st.integers(0, 2_000), sizes=SIZES)
def test_every_token_is_in_a_window_and_neighbours_overlap(
    tokens: int, sizes: tuple[int, int]
) -> None:
    longest, overlap = sizes
    found = list(spans(tokens, longest=longest, overlap=overlap))
    assert found[0][0] == 0
    assert found[-1][1] == tokens
    assert all(end - start <= longest for start, end in found)
    for (start, end), (next_start, next_end) in pairwise(found):
        assert start < next_start <= end - overlap
        assert end < next_end


@given(tokens=st.integers(1, 500), sizes=SIZES)
def test_every_window_of_many_is_full(tokens: int, sizes: tuple[int, int]) -> None:
    longest, overlap = sizes
    found = list(spans(tokens, longest=longest, overlap=overlap))
    if len(found) > 1:
        assert {end - start for start, end in found} == {longest}


def test_nothing_is_one_empty_span() -> None:
    assert list(spans(0, longest=10, overlap=2)) == [(0, 0)]


@pytest.mark.parametrize("overlap", [-1, 10, 11])
def test_an_overlap_that_never_ends_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match="never ends"):
        list(spans(5, longest=10, overlap=overlap))


@given(text=st.text("好差蠢 x", max_size=120))
def test_the_windows_of_a_text_hold_all_its_tokens_between_the_ends(text: str) -> None:
    cut = cutter(tokenizer(), longest=LONGEST, overlap=OVERLAP, pad_id=1)
    expected = tokenizer().encode(text, add_special_tokens=False).ids
    (prepared,) = cut.prepare([text])
    seen: list[int] = []
    for window in prepared.windows:
        first, *body, last = window.ids.tolist()
        assert (first, last) == (0, 2)
        fresh = body if not seen else body[OVERLAP:]
        if window is prepared.windows[-1]:
            fresh = body[len(seen) + len(body) - len(expected) :]
        seen += fresh
    assert seen == expected


def test_a_tokenizer_that_truncates_and_pads_no_longer_does() -> None:
    saved = tokenizer()
    saved.enable_truncation(4)
    saved.enable_padding(length=50)
    (prepared,) = cutter(saved, longest=16, overlap=4, pad_id=1).prepare(["好差好差好"])
    assert prepared.windows[0].tokens == 8


def test_without_ends_an_empty_text_is_one_pad() -> None:
    bare = Tokenizer(models.WordLevel({"a": 0, "<unk>": 1}, unk_token="<unk>"))
    bare.pre_tokenizer = pre_tokenizers.Whitespace()
    (prepared,) = cutter(bare, longest=8, overlap=2, pad_id=1).prepare([""])
    assert [window.ids.tolist() for window in prepared.windows] == [[1]]


def test_no_room_beside_the_overlap_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        cutter(tokenizer(), longest=6, overlap=4, pad_id=1)


def test_padding_is_masked() -> None:
    ids, mask = pad([Window(np.array([5, 6, 7])), Window(np.array([8]))], pad_id=9)
    assert ids.tolist() == [[5, 6, 7], [8, 9, 9]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


LENGTHS = st.lists(st.integers(1, 160), max_size=80)


@given(lengths=LENGTHS, budget=st.integers(1, 2_000), spare=st.integers(0, 200))
def test_each_place_is_in_one_pass_within_budget_and_spare(
    lengths: list[int], budget: int, spare: int
) -> None:
    groups = batches(lengths, budget=budget, spare=spare)
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    for group in groups:
        padded = len(group) * max(lengths[place] for place in group)
        assert len(group) == 1 or padded <= budget
        assert padded - sum(lengths[place] for place in group) <= spare


def test_equal_lengths_within_the_budget_are_one_pass() -> None:
    assert batches([7] * 20, budget=140, spare=0) == [list(range(20))]


def test_a_long_text_is_not_padded_to_by_many_short_ones() -> None:
    assert batches([5, 100, 5, 5, 6], budget=1_000, spare=16) == [[0, 2, 3, 4], [1]]
