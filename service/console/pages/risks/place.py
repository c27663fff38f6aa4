"""Where the pages of the risk register are, and how risks and money are told."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from service.auth import Action, Resource
from service.console.format import measure
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE
from service.risks import Entry, Formula, Money
from service.risks.formula import Score

LIST = f"{BASE}/risks"
NEW = "/new-risk"
ONE = "/risks/{risk_id}"
RATES = "/risk-rates"

PLACE = Place(
    name="risks",
    path="/risks",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.RISK),
    deeper=(ONE, NEW, RATES),
)
_SIGNS = ("▲", "◆", "●")
"""By band, the highest first: told by word and sign too, not by colour alone."""


def address(risk_id: str) -> str:
    """The page of an entry."""
    return f"{LIST}/{risk_id}"


def severity(score: Score) -> int:
    """The row of the matrix: what the coefficients come to, 1 to 5, rounded half up."""
    weighed = sum((part.coefficient * part.weight for part in score.parts), Decimal())
    return int(weighed.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def band_at(formula: Formula, value: Decimal) -> str:
    """The band of a score."""
    return next(band.id for band in formula.bands if value >= band.least)


def band_name(words: Words, formula: Formula, band_id: str) -> str:
    """`▲ 高`; a band that the formula lost by its id."""
    for sign, band in zip((*_SIGNS, *"●" * len(formula.bands)), formula.bands, strict=False):
        if band.id == band_id:
            return f"{sign} {words.of(band.name.model_dump())}"
    return band_id


def chance_name(words: Words, formula: Formula, level: int) -> str:
    """`3 可能（30%）`."""
    found = formula.likelihood[level - 1]
    name = words.of(found.name.model_dump())
    percent = measure(float(found.chance * 100))
    return words("risks.chance_of", level=level, name=name, percent=percent)


def amount(value: Decimal | None, currency: str) -> str:
    """`30,000.00 CNY`; a dash where no rate of exchange is known."""
    return "–" if value is None else f"{value:,.2f} {currency}"


def money(given: Money) -> str:
    """As it was given, in its own currency."""
    return amount(given.amount, given.currency)


def owner_of(words: Words, entry: Entry) -> str:
    """The owner's name; somebody whose account is closed is marked."""
    name = entry.owner.name or entry.owner.id
    return f"▲ {name} {words('risks.left')}" if entry.owner.left else name
