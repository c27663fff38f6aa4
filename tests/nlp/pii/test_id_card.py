"""The check character of GB 11643."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pii.digits import digit_runs
from nlp.pii.id_card import check_character, id_cards
from nlp.pii.surroundings import Surroundings


def found(view: str) -> list[tuple[int, int]]:
    around = Surroundings(view)
    return [span for run in digit_runs(view) for span in id_cards(run, around)]


@pytest.mark.parametrize(
    ("body", "check"), [("11010519491231002", "x"), ("32010219850615003", "0")]
)
def test_check_character(body: str, check: str) -> None:
    assert check_character(body) == check


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_only_the_right_check_character_makes_a_card(day: date, serial: int) -> None:
    body = f"110105{day:%Y%m%d}{serial:03}"
    right = [check for check in "0123456789x" if found(body + check)]
    assert right == ([check_character(body)] if day.year < 2050 else [])


def test_a_foreign_resident_has_a_country_in_place_of_a_city() -> None:
    body = "91112419810803002"
    assert found(body + check_character(body)) == [(0, 18)]


@pytest.mark.parametrize("year", ["1985", "2024"])
def test_the_leap_day_counts_in_leap_years_only(year: str) -> None:
    body = f"110105{year}0229001"
    assert bool(found(body + check_character(body))) == (year == "2024")
