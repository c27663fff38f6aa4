"""How a risk is measured: weights and scales out of `register.yaml`, and every score explained."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from service.oncall.model import Target, TimeOfDay
from service.risks.money import rounded

_SHIPPED = Path(__file__).with_name("register.yaml")
SCORE = "score = (legal × w_legal + user × w_user + technical × w_technical) × likelihood"
EXPECTED_LOSS = "expected loss = loss × chance of the likelihood"
BALANCE = "balance = expected loss − (control cost + compliance cost)"

Level = Annotated[int, Field(ge=1, le=5)]
Exact = Annotated[Decimal, BeforeValidator(str)]
"""YAML reads 0.40 as a binary fraction: its shortest digits are what was written."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(_Row):
    zh: str
    en: str


class Likelihood(_Row):
    level: Level
    chance: Annotated[Exact, Field(gt=0, le=1)]
    name: Name


class Band(_Row):
    id: str
    least: Annotated[Exact, Field(ge=0, alias="from")]
    name: Name


class ReviewPolicy(_Row):
    """Who hears of a review that is long due, and when people are asked; times are local."""

    deputy: Target
    at: TimeOfDay
    warn_days: int
    escalate_days: int


class Weights(_Row):
    legal: Exact
    user: Exact
    technical: Exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one coefficient adds to the severity."""

    name: Literal["legal", "user", "technical"]
    coefficient: int
    weight: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """1 to 25; `working` is the formula with the numbers put in."""

    value: Decimal
    band: str
    likelihood: int
    chance: Decimal
    parts: tuple[Part, ...]
    working: str


class Formula(_Row):
    """Weights that are 1 together, five likelihoods, bands from the highest down to 0."""

    weights: Weights
    likelihood: tuple[Likelihood, ...]
    bands: tuple[Band, ...]
    review: ReviewPolicy

    @model_validator(mode="after")
    def _whole(self) -> Formula:
        weights = self.weights
        if weights.legal + weights.user + weights.technical != 1:
            raise ValueError("the weights are not 1 together")
        if [item.level for item in self.likelihood] != [1, 2, 3, 4, 5]:
            raise ValueError("likelihood: five levels, 1 to 5 in this order")
        least = [band.least for band in self.bands]
        if not least or least != sorted(set(least), reverse=True) or least[-1] != 0:
            raise ValueError("bands: from the highest down to one that begins at 0")
        return self

    def score(self, *, legal: int, user: int, technical: int, likelihood: int) -> Score:
        """Coefficients and likelihood are 1 to 5."""
        given: tuple[tuple[Literal["legal", "user", "technical"], int, Decimal], ...] = (
            ("legal", legal, self.weights.legal),
            ("user", user, self.weights.user),
            ("technical", technical, self.weights.technical),
        )
        parts = tuple(
            Part(name=name, coefficient=level, weight=weight, points=rounded(level * weight))
            for name, level, weight in given
        )
        value = rounded(sum((level * weight for _, level, weight in given), Decimal()) * likelihood)
        terms = " + ".join(f"{level} × {weight}" for _, level, weight in given)
        return Score(
            value=value,
            band=next(band.id for band in self.bands if value >= band.least),
            likelihood=likelihood,
            chance=self.likelihood[likelihood - 1].chance,
            parts=parts,
            working=f"({terms}) × {likelihood} = {value}",
        )

    def shown(self) -> dict[str, Any]:
        """The formula as people may read it; decimals are strings."""
        plain = self.model_dump(mode="json", by_alias=True)
        return {"score": SCORE, "expected_loss": EXPECTED_LOSS, "balance": BALANCE, **plain}


@cache
def shipped_formula() -> Formula:
    """The one that ships."""
    return Formula.model_validate(yaml.safe_load(_SHIPPED.read_text(encoding="utf-8")))
