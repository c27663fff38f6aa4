"""What a crisis cost: hours, promises, losses; money of other currencies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from service.handling.cost import Cost, CostKind, Entry, Work, cost_of, summed
from service.handling.pricing import Pricing, shipped_pricing
from service.risks.money import Money, Rate, Rates
from tests.support.clock import START

DAY = START.date()
_HOURLY = {"pr": 100, "legal": 300, "tech": 200, "service": 50, "executive": 600, "duty": 80}
PRICING = Pricing.model_validate(
    {
        "currency": "CNY",
        "hourly": _HOURLY,
        "hours_a_step": 0.5,
    }
)


def rates(*given: tuple[str, date, str]) -> Rates:
    return Rates(
        "CNY",
        (
            Rate(
                reporting="CNY",
                currency=currency,
                day=day,
                rate=Decimal(value),
                origin="银行",
                by="du",
                version=1,
            )
            for currency, day, value in given
        ),
    )


def money(amount: str, currency: str = "CNY") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def entry(number: int, kind: CostKind, **changes: Any) -> Entry:
    return Entry(id=number, kind=kind, at=START, by="rui", **changes)


def cost(*entries: Entry, known: Rates | None = None, **work: Any) -> Cost:
    given = Work(opened_at=START, entries=entries, **{"steps_done": {}} | work)
    return cost_of(given, pricing=PRICING, rates=known or rates(), day_of=lambda at: at.date())


def test_nothing_costs_nothing() -> None:
    found = cost()
    assert (found.amount, found.is_whole, found.working) == (Decimal(), True, "0 = 0 CNY")


def test_steps_stand_for_hours_that_nobody_entered() -> None:
    found = cost(steps_done={"pr": 3, "duty": 1})
    assert found.amount == Decimal("190.00")
    assert [(line.of, line.hours, line.estimated) for line in found.lines] == [
        ("pr", Decimal("1.5"), True),
        ("duty", Decimal("0.5"), True),
    ]
    assert found.working == "pr: 1.5 h × 100 CNY + duty: 0.5 h × 80 CNY = 190.00 CNY"


def test_entered_hours_add_up_and_replace_the_estimate_of_their_role() -> None:
    hours = [
        entry(1, CostKind.HOURS, role="pr", hours=Decimal("1.25")),
        entry(2, CostKind.HOURS, role="pr", hours=Decimal("0.75")),
    ]
    found = cost(*hours, steps_done={"pr": 9, "duty": 2})
    assert [(line.of, line.hours, line.estimated) for line in found.lines] == [
        ("pr", Decimal("2.00"), False),
        ("duty", Decimal("1.0"), True),
    ]
    assert found.amount == Decimal("280.00")


def test_of_a_promise_the_last_amount_counts_while_it_is_owed() -> None:
    entries = [
        entry(1, CostKind.COMPENSATION, promise="prm_1", money=money("500")),
        entry(2, CostKind.COMPENSATION, promise="prm_1", money=money("800")),
        entry(3, CostKind.COMPENSATION, promise="prm_gone", money=money("9999")),
    ]
    found = cost(*entries, owed=("prm_1", "prm_2"))
    assert found.amount == Decimal("800.00")
    assert (found.unpriced, found.is_whole) == (("prm_2",), False)


def test_losses_add_up() -> None:
    lost = [entry(number, CostKind.LOSS, money=money("0.10")) for number in range(3)]
    assert cost(*lost).amount == Decimal("0.30")


def test_money_is_converted_at_the_rate_of_the_day_it_was_entered() -> None:
    known = rates(("USD", DAY - timedelta(days=9), "7"), ("USD", DAY + timedelta(days=1), "8"))
    found = cost(entry(1, CostKind.LOSS, money=money("10", "USD")), known=known)
    assert found.amount == Decimal("70.00")
    assert found.working == "loss: 10 USD × 7 = 70.00 CNY"


def test_money_without_a_rate_is_named_and_not_added() -> None:
    found = cost(
        entry(1, CostKind.LOSS, money=money("10", "USD")),
        entry(2, CostKind.LOSS, money=money("5")),
    )
    assert (found.amount, found.left_out) == (Decimal("5.00"), (money("10", "USD"),))
    assert not found.is_whole


def test_hours_are_converted_too_where_another_currency_is_reported() -> None:
    work = Work(opened_at=START, steps_done={"pr": 2})
    found = cost_of(work, pricing=PRICING, rates=Rates("EUR", ()), day_of=lambda at: at.date())
    assert (found.currency, found.amount) == ("EUR", Decimal())
    assert found.left_out == (money("100.0"),)


def test_the_sum_says_how_many_are_not_whole() -> None:
    dollars = cost(entry(1, CostKind.LOSS, money=money("10", "USD")))
    more = cost(entry(1, CostKind.LOSS, money=money("2.5", "USD")), steps_done={"duty": 1})
    found = summed([dollars, more, cost(steps_done={"pr": 1})])
    assert (found.amount, found.n, found.partial) == (Decimal("90.00"), 3, 2)
    assert found.left_out == (money("12.5", "USD"),)


def test_the_shipped_rates_are_as_written() -> None:
    shipped = shipped_pricing()
    assert (shipped.currency, shipped.hours_a_step) == ("CNY", Decimal("0.5"))
    assert shipped.hourly["pr"] == 180


@pytest.mark.parametrize(
    "changes",
    [
        {"hourly": {"pr": 100}},
        {"hourly": dict.fromkeys(PRICING.hourly, -1)},
        {"currency": "yuan"},
        {"extra": 1},
    ],
)
def test_a_pricing_with_holes_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Pricing.model_validate(PRICING.model_dump() | changes)
