"""Luhn, issuers and lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pii.bank_card import bank_cards, passes_luhn
from nlp.pii.digits import digit_runs
from nlp.pii.surroundings import Surroundings


def found(view: str) -> list[tuple[int, int]]:
    around = Surroundings(view)
    return [span for run in digit_runs(view) for span in bank_cards(run, around)]


@pytest.mark.parametrize(
    ("digits", "passes"),
    [("79927398713", True), ("79927398710", False), ("0000000000", False), ("7992739871x", False)],
)
def test_luhn(digits: str, passes: bool) -> None:
    assert passes_luhn(digits) is passes


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True))
def test_one_check_digit_in_ten_makes_a_card(body: str) -> None:
    assert len([digit for digit in "0123456789" if found(body + digit)]) == 1


def test_the_longest_number_that_passes_is_taken() -> None:
    assert found("6222021234567890128") == [(0, 19)]


@pytest.mark.parametrize(
    "view", ["4111 1111 1111 1111", "411111 1111111111", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]
)
def test_usual_groups_are_read(view: str) -> None:
    assert found(view) == [(0, len(view))]


def test_unusual_groups_are_not() -> None:
    assert found("41111 11111 111111") == []
