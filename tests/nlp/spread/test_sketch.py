"""Sketches: containment survives what is added and cut."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spread.sketch import BANDS, BITS, FEWEST_SYMBOLS, MOST_SYMBOLS, SIZE_AT, distance, sketched

HAN = "".join(map(chr, range(0x4E00, 0x5200)))


def words(count: int, *, seed: int) -> str:
    return "".join(random.Random(seed).choices(HAN, k=count))


def apart(left: str, right: str) -> int | None:
    (one, bands), (other, others) = sketched(left), sketched(right)
    return distance(one, other, shared=len(set(bands).intersection(others)))


def test_half_of_a_text_is_nearly_always_near_the_whole() -> None:
    found = 0
    for seed in range(40):
        whole = words(80, seed=seed)
        found += apart(whole, whole[:40]) is not None
    assert found >= 32


def test_copies_share_a_part_of_their_bands_a_longer_one_fewer() -> None:
    # 64 and 128 pairs: 40 % of 16 bands, and of 8 when the other is as long again
    size, twice = 36 << SIZE_AT, 42 << SIZE_AT
    assert distance(size, size, shared=7) == 0
    assert distance(size, size, shared=6) is None
    assert distance(size, twice, shared=4) == 0
    assert distance(size, twice, shared=3) is None


def test_the_farther_the_sketches_the_more_bands_are_needed() -> None:
    # 10 bits are half of the 20 that may differ: so half of 16 bands must be left
    size, bits = 36 << SIZE_AT, (1 << 10) - 1
    assert distance(size, size | bits, shared=8) == 10
    assert distance(size, size | bits, shared=7) is None


def test_one_phrase_in_common_is_never_enough() -> None:
    assert distance(0, 0, shared=1) is None
    assert distance(0, 0, shared=2) == 0


@pytest.mark.parametrize("seed", range(20))
def test_other_words_are_far(seed: int) -> None:
    left, right = words(60, seed=seed), words(60, seed=seed + 100)
    assert apart(left, right) is None
    assert set(sketched(left)[1]).isdisjoint(sketched(right)[1])


def test_a_text_of_other_size_is_no_copy_whatever_its_bits() -> None:
    assert distance(0, 11 << SIZE_AT, shared=BANDS) is None
    assert distance(0, 10 << SIZE_AT, shared=BANDS) == 0


def test_an_equal_share_of_words_weighs_more_when_one_text_is_longer() -> None:
    # 21 bits of 50 differ at a cosine of 0.25: too little for texts of one size
    bits = (1 << 21) - 1
    assert distance(0, bits | 6 << SIZE_AT, shared=BANDS) == 21
    assert distance(0, bits, shared=BANDS) is None


def test_numbers_count_double_and_words_as_one() -> None:
    assert sketched("abcdef")[1] == ()
    assert sketched("12, 34") == (0, ())
    assert len(sketched("12, 34, 56")[1]) == 3
    assert sketched("one two three four five")[1] == ()
    assert len(sketched("one two three four five six")[1]) == 3


def test_the_numbers_of_one_text_are_among_the_others() -> None:
    assert distance(0b01 << BITS, 0b11 << BITS, shared=BANDS) == 0
    assert distance(0b11 << BITS, 0, shared=BANDS) == 0
    assert distance(0b01 << BITS, 0b10 << BITS, shared=BANDS) is None


def test_signs_between_digits_leave_a_number_what_it_is() -> None:
    text = words(20, seed=5)
    assert sketched(f"{text}2*0 .26年") == sketched(f"{text}2026年")
    assert sketched(f"{text}20,26年") != sketched(f"{text}2026年")


def test_hashtags_do_not_count_beside_other_words() -> None:
    text = words(20, seed=1)
    assert sketched(f"#{words(12, seed=2)}#{text}") == sketched(text)


def test_no_more_than_the_first_symbols_are_read() -> None:
    text = words(MOST_SYMBOLS + 500, seed=3)
    assert sketched(text) == sketched(text[:MOST_SYMBOLS])


def test_one_character_over_and_over_is_read() -> None:
    sketch, bands = sketched("啊" * 300)
    assert sketch >> SIZE_AT == 0
    assert len(bands) == 1


@settings(max_examples=100)
@given(st.text(max_size=1200))
def test_any_text_has_a_sketch_of_64_bits(text: str) -> None:
    sketch, bands = sketched(text)
    assert 0 <= sketch < 1 << 64
    assert len(bands) <= BANDS
    assert not bands or distance(sketch, sketch, shared=BANDS) == 0


def test_the_shortest_text_that_is_sketched() -> None:
    assert sketched(words(FEWEST_SYMBOLS - 1, seed=4)) == (0, ())
    assert len(sketched(words(FEWEST_SYMBOLS, seed=4))[1]) == FEWEST_SYMBOLS - 3
