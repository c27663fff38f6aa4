"""What an hour of each role costs: out of `cost.yaml`, checked against the playbooks' roles."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from playbooks.schema import Role
from service.risks.money import CURRENCY

_SHIPPED = Path(__file__).with_name("cost.yaml")
Exact = Annotated[Decimal, BeforeValidator(str), Field(ge=0, le=1_000_000)]
"""YAML reads 0.5 as a binary fraction: its shortest digits are what was written."""


class Pricing(BaseModel):
    """Rates by the hour in one currency, and the hours of a step that nobody wrote down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: Annotated[str, Field(pattern=f"^{CURRENCY}$")]
    hourly: Mapping[Role, Exact]
    hours_a_step: Exact

    @field_validator("hourly")
    @classmethod
    def _whole(cls, hourly: Mapping[Role, Decimal]) -> Mapping[Role, Decimal]:
        missing = ", ".join(role.value for role in Role if role not in hourly)
        if missing:
            raise ValueError(f"no rate for {missing}")
        return hourly


@cache
def shipped_pricing() -> Pricing:
    """Raises ValueError for a file that is no pricing."""
    return Pricing.model_validate(yaml.safe_load(_SHIPPED.read_text(encoding="utf-8")))
