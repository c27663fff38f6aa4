"""Where entries have gone between two instants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.risks import Entry, Money, Rate, Risk, RiskDraft, Stage, shipped_formula
from service.risks.assessment import assess, total
from service.risks.money import Rates
from service.risks.movement import Direction, movement
from service.risks.register import Owner
from service.risks.reviewing import ReviewStanding
from tests.support.clock import START

DAY = date(2024, 3, 1)
NOTHING = Money(amount=Decimal(), currency="CNY")


def entry(
    name: str = "a", *, retired: bool = False, currency: str = "CNY", loss: int = 100, **levels: int
) -> Entry:
    given: dict[str, Any] = {"legal": 3, "user": 3, "technical": 3, "likelihood": 3} | levels
    draft = RiskDraft(
        title=name,
        description="",
        loss=Money(amount=Decimal(loss), currency=currency),
        control_cost=NOTHING,
        compliance_cost=NOTHING,
        owner="usr_mei",
        **given,
    )
    risk = Risk(
        id=name,
        draft=draft,
        stage=Stage.PLAN,
        cycle=1,
        retired=retired,
        created_by="usr_lin",
        created_at=START,
        updated_at=START,
        version=1,
    )
    return Entry(
        risk=risk,
        assessment=assess(draft, shipped_formula(), Rates("CNY", []), DAY),
        owner=Owner(id="usr_mei", name="mei", left=False),
        review=ReviewStanding(),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, entry(), Direction.NEW),
        (entry(retired=True), entry(), Direction.NEW),
        (None, entry(retired=True), Direction.GONE),
        (entry(), entry(retired=True), Direction.GONE),
        (entry(retired=True), entry(retired=True), None),
        (entry(), entry(likelihood=4), Direction.UP),
        (entry(), entry(legal=1), Direction.DOWN),
        (entry(), entry(loss=101), Direction.UP),
        (entry(), entry(loss=99), Direction.DOWN),
        (entry(), entry(), Direction.SAME),
        (entry(), entry(currency="USD"), Direction.SAME),
    ],
)
def test_one_entry(before: Entry | None, after: Entry, expected: Direction | None) -> None:
    found = movement({} if before is None else {"a": before}, {"a": after})
    assert [item.direction for item in found.moved] == ([] if expected is None else [expected])


def test_the_gravest_first() -> None:
    found = movement({}, {"a": entry("a", likelihood=1), "b": entry("b"), "c": entry("c")})
    assert [item.after.risk.id for item in found.of(Direction.NEW)] == ["b", "c", "a"]


def test_a_sum_says_what_it_leaves_out() -> None:
    found = total([entry().assessment, entry(currency="USD").assessment])
    assert (found.entries, found.left_out, found.loss) == (2, 1, Decimal("100.00"))
    assert found.balance == found.expected_loss == Decimal("30.00")


def test_money_of_two_currencies_adds_up_to_the_cent() -> None:
    rate = Rate(
        reporting="CNY",
        currency="USD",
        day=DAY,
        rate=Decimal("7.015"),
        origin="x",
        by="x",
        version=1,
    )
    rates = Rates("CNY", [rate])
    draft = entry(currency="USD", loss=1).risk.draft
    found = total([assess(draft, shipped_formula(), rates, DAY) for _ in range(3)])
    assert found.loss == Decimal("21.06")
