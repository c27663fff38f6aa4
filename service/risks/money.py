"""Money in the currency that it was given in, and what it comes to at a day's rate of exchange."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

CURRENCY = r"[A-Z]{3}"
AMOUNT = r"[0-9]{1,15}(\.[0-9]{1,4})?"
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount of zero or more, of a currency by its ISO 4217 letters."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit of `currency` is worth in `reporting`, from `day` on until the next rate.

    `origin` says where people have it from.
    """

    reporting: str
    currency: str
    day: date
    rate: Decimal
    origin: str
    by: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """Money of the reporting currency, to the hundredth; without `rate` it was given in it."""

    amount: Decimal
    rate: Rate | None = None


class Rates:
    """The rates of exchange that lead to one currency."""

    def __init__(self, reporting: str, rates: Iterable[Rate]) -> None:
        self.reporting = reporting
        self._rates: dict[str, list[Rate]] = {}
        for rate in sorted(rates, key=lambda item: item.day):
            self._rates.setdefault(rate.currency, []).append(rate)

    def on(self, currency: str, day: date) -> Rate | None:
        """The newest rate of that day or before it."""
        known = self._rates.get(currency, [])
        place = bisect_right([rate.day for rate in known], day)
        return known[place - 1] if place else None

    def convert(self, money: Money, day: date) -> Converted | None:
        """None where no rate is known; rounded half to even, each amount by itself.

        So the lines of a table add up to its total.
        """
        if money.currency == self.reporting:
            return Converted(amount=rounded(money.amount))
        rate = self.on(money.currency, day)
        if rate is None:
            return None
        return Converted(amount=rounded(money.amount * rate.rate), rate=rate)

    def missing(self, money: Money, day: date) -> str | None:
        """What to do before money of that currency can be taken; None where nothing needs to be."""
        if self.convert(money, day) is not None:
            return None
        return (
            f"no rate of exchange from {money.currency} to {self.reporting} of {day} or before; "
            f"enter one with PUT /v1/risks/rates/{money.currency}/{day}, or give the amount in "
            f"{self.reporting}"
        )


def rounded(amount: Decimal) -> Decimal:
    """To the hundredth, half to even."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_EVEN)


def money_of(data: Mapping[str, str]) -> Money:
    """What `money_json` has written."""
    return Money(amount=Decimal(data["amount"]), currency=data["currency"])


def money_json(money: Money) -> dict[str, str]:
    """The amount as decimal digits: no JSON number, which readers round."""
    return {"amount": f"{money.amount:f}", "currency": money.currency}


def money_mistake(money: Money) -> str | None:
    """Why this is no money that can be kept; None for what can."""
    if not re.fullmatch(CURRENCY, money.currency):
        return f"no currency: {money.currency!r}; three letters of ISO 4217, such as CNY"
    if not (money.amount.is_finite() and re.fullmatch(AMOUNT, f"{money.amount:f}")):
        return "an amount of zero or more: at most 15 digits, and 4 behind the point"
    return None
