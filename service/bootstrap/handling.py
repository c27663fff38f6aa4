"""Measures of handling over the state database."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.complaining import Complaining
from service.bootstrap.ground import Ground
from service.bootstrap.risk_register import RiskRegister
from service.handling import CostLedger, HandlingBoard, shipped_pricing


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The doors: what is measured, and what people enter of the cost."""

    board: HandlingBoard
    ledger: CostLedger


def open_handling(ground: Ground, complaining: Complaining, register: RiskRegister) -> Handling:
    """With the register's rates of exchange: money is converted in one way."""
    database, clock, pricing = ground.database, ground.clock, shipped_pricing()
    return Handling(
        board=HandlingBoard(
            database=database,
            clock=clock,
            library=ground.library,
            pricing=pricing,
            rates=register.rates,
            complaints=complaining.report,
        ),
        ledger=CostLedger(database=database, clock=clock, pricing=pricing, rates=register.rates),
    )
