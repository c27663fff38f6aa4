"""What an entry comes to: its score, and its money in the reporting currency of a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.risks.formula import Formula, Score
from service.risks.model import MONEY, RiskDraft
from service.risks.money import Converted, Rates, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`money` has each amount by its name, None where no rate of the day is known."""

    score: Score
    money: Mapping[str, Converted | None]

    @property
    def loss(self) -> Decimal | None:
        found = self.money["loss"]
        return None if found is None else found.amount

    @property
    def expected_loss(self) -> Decimal | None:
        """A year's: the loss, times its chance."""
        return None if self.loss is None else rounded(self.loss * self.score.chance)

    @property
    def cost(self) -> Decimal | None:
        """A year's: control and compliance together."""
        control, compliance = self.money["control_cost"], self.money["compliance_cost"]
        if control is None or compliance is None:
            return None
        return control.amount + compliance.amount

    @property
    def balance(self) -> Decimal | None:
        """Expected loss less cost: below zero, keeping it down costs more than it is worth."""
        expected, cost = self.expected_loss, self.cost
        return None if expected is None or cost is None else expected - cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Sums over those entries whose money can all be converted; `left_out` is how many cannot."""

    entries: int
    left_out: int
    loss: Decimal
    expected_loss: Decimal
    cost: Decimal

    @property
    def balance(self) -> Decimal:
        return self.expected_loss - self.cost


def assess(draft: RiskDraft, formula: Formula, rates: Rates, day: date) -> Assessment:
    """Score and money, at the rates of that day."""
    return Assessment(
        score=formula.score(
            legal=draft.legal,
            user=draft.user,
            technical=draft.technical,
            likelihood=draft.likelihood,
        ),
        money={name: rates.convert(getattr(draft, name), day) for name in MONEY},
    )


def total(assessments: Iterable[Assessment]) -> Total:
    """Of all of them."""
    entries = left_out = 0
    loss = expected_loss = cost = Decimal()
    for item in assessments:
        entries += 1
        if item.loss is None or item.expected_loss is None or item.cost is None:
            left_out += 1
            continue
        loss += item.loss
        expected_loss += item.expected_loss
        cost += item.cost
    return Total(
        entries=entries, left_out=left_out, loss=loss, expected_loss=expected_loss, cost=cost
    )
