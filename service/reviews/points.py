"""What departments win and lose points for: rules as data, rows as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from service.errors import Conflict
from service.reviews.model import Improvement, ItemState


class PointReason(StrEnum):
    ON_TIME_PROPOSAL = "on_time_proposal"
    LATE_PROPOSAL = "late_proposal"
    VERIFIED_IMPROVEMENT = "verified_improvement"
    RECURRENCE = "recurrence"
    REDEMPTION = "redemption"


class PointRules(BaseModel):
    """Points by reason; every reason but redemption has its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    points: Mapping[PointReason, int]

    @model_validator(mode="after")
    def _are_complete(self) -> Self:
        wanted = set(PointReason) - {PointReason.REDEMPTION}
        if set(self.points) != wanted:
            raise ValueError(f"points for each of {', '.join(sorted(wanted))}, and nothing else")
        return self


@cache
def load_point_rules() -> PointRules:
    """The rules that ship."""
    text = resources.files(__package__).joinpath("points.yaml").read_text(encoding="utf-8")
    return PointRules.model_validate(yaml.safe_load(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPoints:
    """A row to add. `key` names what is counted once. Without `points` the rules say how many."""

    key: str
    department_id: str
    reason: PointReason
    by: str
    points: int | None = None
    note: str | None = None
    incident_id: str | None = None
    review_id: str | None = None
    improvement_id: str | None = None
    redeems: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A row as it stands for ever; `redeemed_by` is the row that made it good."""

    id: int
    department_id: str
    at: datetime
    reason: PointReason
    points: int
    by: str
    note: str | None
    incident_id: str | None
    review_id: str | None
    improvement_id: str | None
    redeems: int | None
    redeemed_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    department_id: str
    points: int
    won: int
    lost: int


def check_redemption(row: PointRow, item: Improvement) -> None:
    """Raise Conflict unless the improvement may make good what the row took.

    A loss is made good once, by an improvement of the same department that was verified after it.
    """
    why = None
    if row.points >= 0:
        why = f"row {row.id} took no points"
    elif row.redeemed_by is not None:
        why = f"row {row.id} was made good by row {row.redeemed_by}"
    elif item.department_id != row.department_id:
        why = f"improvement {item.id} is of {item.department_id}, row {row.id} is not"
    elif item.state is not ItemState.VERIFIED or item.verified_at is None:
        why = f"improvement {item.id} is {item.state.value}; it must be verified first"
    elif item.verified_at < row.at:
        why = f"improvement {item.id} was verified before row {row.id} was written"
    if why is not None:
        raise Conflict(f"the loss cannot be made good: {why}")
