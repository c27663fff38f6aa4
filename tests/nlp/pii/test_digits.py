"""Digits however they are written, in groups, with their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pii.digits import digit_runs, digit_view, unfolded
from nlp.text import normalize


@pytest.mark.parametrize(
    ("normal", "view"),
    [("一二三〇", "1230"), ("壹贰叁零", "1230"), ("❶❷❸⓿", "1230"), ("幺两", "1两"), ("十a", "十a")],
)
def test_spelled_digits_are_digits(normal: str, view: str) -> None:
    assert digit_view(normal) == view


@pytest.mark.parametrize(
    ("view", "digits"),
    [
        ("138-1234 5678", ["13812345678"]),
        ("1o8 123", ["108123"]),
        ("l38 123", ["138123"]),
        ("00012x", ["00012x"]),
        ("12345:67890", ["12345", "67890"]),
        ("12345    67890", ["12345", "67890"]),
        ("12345 和 67890", ["12345", "67890"]),
        ("12345****67890", ["12345", "67890"]),
        ("12 34", []),
        ("hello oil", []),
        ("123450il", ["123450"]),
    ],
)
def test_runs(view: str, digits: list[str]) -> None:
    assert [run.digits for run in digit_runs(view)] == digits


def test_a_number_begins_and_ends_with_a_group() -> None:
    run = digit_runs("138 1234 5678")[0]
    assert list(run.beginnings()) == [0, 3, 7]
    assert [stop for stop in range(30) if run.may_end(stop)] == [3, 7, 11]
    assert run.span(3, 11) == (4, 13)
    assert run.shape(0, 11) == (3, 4, 4)


def test_a_look_alike_at_an_end_may_belong_or_not() -> None:
    run = digit_runs("l38123x")[0]
    assert list(run.beginnings()) == [0, 1]
    assert [stop for stop in range(9) if run.may_end(stop)] == [6, 7]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("八八八八八", "八八八八八"),
        ("一\u200b三八八八八", "一三八八八八"),
        ("１八八八", "1八八八"),
        ("八八\u200b八八", "八八八八"),
    ],
)
def test_a_folded_run_is_whole_again(text: str, whole: str) -> None:
    normal = unfolded(normalize(text))
    assert normal.text == whole
    assert normal.original_span(0, len(whole)) == (0, len(text))


def test_other_runs_stay_folded() -> None:
    assert unfolded(normalize("哈哈哈哈")).text == "哈哈"


@given(st.text("0123456789oilx×-. 一八a😀*:", max_size=60))
def test_places_rise_and_point_at_digits(view: str) -> None:
    for run in digit_runs(digit_view(view)):
        assert len(run.digits) == len(run.places) == len(run.starts) == len(run.ends) - 1
        assert list(run.places) == sorted(set(run.places))
        assert set(run.digits) <= set("0123456789x")
