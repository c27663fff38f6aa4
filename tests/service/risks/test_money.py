"""Money and rates: the newest rate of the day or before, exact decimals, no rate is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.risks.money import (
    Converted,
    Money,
    Rate,
    Rates,
    money_json,
    money_mistake,
    money_of,
)

DAY = date(2026, 3, 1)


def rate(day: date, worth: str, *, currency: str = "USD") -> Rate:
    return Rate(
        reporting="CNY",
        currency=currency,
        day=day,
        rate=Decimal(worth),
        origin="财务部",
        by="usr_lin",
        version=1,
    )


def money(amount: str, currency: str = "USD") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def test_the_newest_rate_of_the_day_or_before_counts() -> None:
    old, new = rate(DAY, "7.10"), rate(DAY + timedelta(days=30), "6.90")
    rates = Rates("CNY", [new, old])
    assert rates.on("USD", DAY - timedelta(days=1)) is None
    assert rates.on("USD", DAY) == old
    assert rates.on("USD", DAY + timedelta(days=29)) == old
    assert rates.on("USD", DAY + timedelta(days=31)) == new


def test_money_of_the_reporting_currency_needs_no_rate() -> None:
    assert Rates("CNY", []).convert(money("10.005", "CNY"), DAY) == Converted(
        amount=Decimal("10.00")
    )


def test_an_amount_is_rounded_half_to_even() -> None:
    known = rate(DAY, "1.005")
    assert Rates("CNY", [known]).convert(money("1"), DAY) == Converted(
        amount=Decimal("1.00"), rate=known
    )
    assert Rates("CNY", [known]).convert(money("3"), DAY) == Converted(
        amount=Decimal("3.02"), rate=known
    )


def test_what_has_no_rate_says_what_to_do() -> None:
    rates = Rates("CNY", [rate(DAY, "7.10")])
    assert rates.missing(money("1"), DAY) is None
    said = rates.missing(money("1", "EUR"), DAY)
    assert said is not None
    assert "PUT /v1/risks/rates/EUR/2026-03-01" in said
    assert rates.convert(money("1", "EUR"), DAY) is None


@pytest.mark.parametrize(
    "wrong",
    [
        money("1", "usd"),
        money("1", "US"),
        money("-1"),
        money("1.00001"),
        money("NaN"),
        money("Infinity"),
        money("1E+16"),
    ],
)
def test_what_is_no_money(wrong: Money) -> None:
    assert money_mistake(wrong) is not None


@settings(max_examples=50)
@given(st.decimals(min_value=0, max_value=10**15 - 1, places=4))
def test_money_comes_back_as_it_was_written(amount: Decimal) -> None:
    given_money = Money(amount=amount, currency="CNY")
    assert money_mistake(given_money) is None
    assert money_of(money_json(given_money)) == given_money
