"""What a crisis cost: hours by role × rate + what was promised + what was lost. Pure.

Each amount is converted to the reporting currency by itself, at the rate of its day. Money of a
currency without a rate is added to nothing: it is named, and the cost says that it is not whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from playbooks.schema import Role
from service.handling.pricing import Pricing
from service.risks.money import Converted, Money, Rates

FORMULA = "cost = Σ over roles (hours × hourly rate) + compensation promised + loss"


class CostKind(StrEnum):
    HOURS = "hours"
    COMPENSATION = "compensation"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody entered: hours of a role, or money; of compensation, which promise it is."""

    id: int
    kind: CostKind
    at: datetime
    by: str
    role: str | None = None
    hours: Decimal | None = None
    money: Money | None = None
    promise: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One amount. `of` is the role or the promise; `estimated` where nobody entered the hours.

    `converted` is None where there is no rate for that day.
    """

    kind: CostKind
    of: str | None
    given: Money
    converted: Converted | None
    hours: Decimal | None = None
    hourly: Decimal | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """In the reporting currency. `unpriced` promises have no amount yet."""

    currency: str
    lines: tuple[Line, ...] = ()
    unpriced: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The sum of what could be converted."""
        return sum((item.converted.amount for item in self.lines if item.converted), Decimal())

    @property
    def left_out(self) -> tuple[Money, ...]:
        """What could not be, in its own currency."""
        return tuple(item.given for item in self.lines if item.converted is None)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing from the sum that is known to be owed."""
        return not self.left_out and not self.unpriced

    @property
    def working(self) -> str:
        """The formula with the numbers put in."""
        terms = [_term(item) for item in self.lines if item.converted is not None]
        return f"{' + '.join(terms) or '0'} = {self.amount:f} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Of `n` crises, `partial` of which are not whole."""

    currency: str | None
    amount: Decimal
    n: int
    partial: int
    left_out: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is known of one crisis. `steps_done` counts what people of each role did; `owed` are
    the promises in public that cost money."""

    opened_at: datetime
    entries: Sequence[Entry] = ()
    steps_done: Mapping[str, int]
    owed: Collection[str] = ()


def cost_of(
    work: Work, *, pricing: Pricing, rates: Rates, day_of: Callable[[datetime], date]
) -> Cost:
    """Hours entered count; of a role without any its steps do. Of a promise the last amount
    counts, and only while it is owed."""
    lines = []
    opened = day_of(work.opened_at)
    for role in Role:
        entered = [item.hours for item in work.entries if item.role == role and item.hours]
        hours = sum(entered, Decimal()) if entered else _estimated(work, role, pricing)
        if not hours:
            continue
        rate = pricing.hourly[role]
        given = Money(amount=hours * rate, currency=pricing.currency)
        lines.append(
            Line(
                kind=CostKind.HOURS,
                of=role.value,
                given=given,
                converted=rates.convert(given, opened),
                hours=hours,
                hourly=rate,
                estimated=not entered,
            )
        )
    priced = {item.promise: item for item in work.entries if item.kind is CostKind.COMPENSATION}
    owed = [item for promise, item in priced.items() if promise in work.owed]
    lost = [item for item in work.entries if item.kind is CostKind.LOSS]
    lines += [
        Line(
            kind=item.kind,
            of=item.promise,
            given=item.money,
            converted=rates.convert(item.money, day_of(item.at)),
        )
        for item in (*owed, *lost)
        if item.money is not None
    ]
    unpriced = tuple(sorted(set(work.owed) - set(filter(None, priced))))
    return Cost(currency=rates.reporting, lines=tuple(lines), unpriced=unpriced)


def summed(costs: Iterable[Cost]) -> Sum:
    """Of many crises."""
    given = tuple(costs)
    left_out: dict[str, Decimal] = {}
    for money in (item for cost in given for item in cost.left_out):
        left_out[money.currency] = left_out.get(money.currency, Decimal()) + money.amount
    return Sum(
        currency=given[0].currency if given else None,
        amount=sum((item.amount for item in given), Decimal()),
        n=len(given),
        partial=sum(not item.is_whole for item in given),
        left_out=tuple(
            Money(amount=amount, currency=currency) for currency, amount in sorted(left_out.items())
        ),
    )


def _estimated(work: Work, role: Role, pricing: Pricing) -> Decimal:
    return work.steps_done.get(role.value, 0) * pricing.hours_a_step


def _term(line: Line) -> str:
    amount = f"{line.given.amount:f} {line.given.currency}"
    if line.hours is not None and line.hourly is not None:
        amount = f"{line.hours:f} h × {line.hourly:f} {line.given.currency}"
    if line.converted is not None and line.converted.rate is not None:
        amount += f" × {line.converted.rate.rate:f}"
    return f"{line.of or line.kind.value}: {amount}"
