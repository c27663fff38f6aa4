"""The risk register over the state database."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.books import Books
from service.bootstrap.ground import Ground
from service.recurring import KeptDuties
from service.risks import RateBook, Register, Reviews, RiskDesk, RiskReports, shipped_formula


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRegister:
    """Its doors: for changes, for reading, for rates of exchange, for the quarterly report."""

    desk: RiskDesk
    register: Register
    rates: RateBook
    reports: RiskReports


def open_risk_register(ground: Ground, books: Books) -> RiskRegister:
    """Reviews are recurring duties: their rounds and timers are those of the books."""
    database, clock, settings = ground.database, ground.clock, ground.settings
    formula = shipped_formula()
    reviews = Reviews(
        kept=KeptDuties("risk", planning=books.recurring_planning),
        policy=formula.review,
        zone=settings.zone,
    )
    rates = RateBook(database, clock, reporting=settings.reporting_currency, zone=settings.zone)
    register = Register(database, clock, formula=formula, rates=rates, reviews=reviews)
    return RiskRegister(
        desk=RiskDesk(
            database,
            clock,
            reviews=reviews,
            rates=rates,
            scenarios=frozenset(ground.library.scenarios),
        ),
        register=register,
        rates=rates,
        reports=RiskReports(database, clock, register=register, rates=rates, reviews=reviews),
    )
