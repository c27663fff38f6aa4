"""Entries of the risk register (风险登记册). Instants are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.risks.money import Money, money_json, money_of


class Stage(StrEnum):
    """Where the care for a risk stands; after `act` another cycle begins."""

    PLAN = "plan"
    DO = "do"
    CHECK = "check"
    ACT = "act"

    @property
    def following(self) -> Stage:
        """The one that comes next."""
        order = list(Stage)
        return order[(order.index(self) + 1) % len(order)]


class ChangeKind(StrEnum):
    """What was done to an entry; each is a version of it."""

    CREATED = "created"
    EDITED = "edited"
    MOVED = "moved"
    REVIEWED = "reviewed"
    RETIRED = "retired"
    REOPENED = "reopened"
    LINKED = "linked"
    UNLINKED = "unlinked"


class LinkKind(StrEnum):
    INCIDENT = "incident"
    IMPROVEMENT = "improvement"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDraft:
    """What people write of a risk.

    Coefficients and likelihood are 1 to 5, `loss` is what it costs when it happens, the other two
    are what it costs a year to keep it down and to comply. `owner` is the id of an account.
    """

    title: str
    description: str
    legal: int
    user: int
    technical: int
    likelihood: int
    loss: Money
    control_cost: Money
    compliance_cost: Money
    owner: str
    monitor: str | None = None
    scenario: str | None = None
    review_months: int = 3


MONEY = ("loss", "control_cost", "compliance_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An entry as it stood with one of its versions."""

    draft: RiskDraft
    stage: Stage
    cycle: int
    retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk(Snapshot):
    id: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Snapshot):
    """One version of an entry: who made it, when, what for."""

    risk_id: str
    version: int
    kind: ChangeKind
    at: datetime
    by: str
    note: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`title` and `state` are those of now; None for what is no more, or is not for one's eyes."""

    kind: LinkKind
    target_id: str
    by: str
    at: datetime
    title: str | None = None
    state: str | None = None


def draft_json(draft: RiskDraft) -> dict[str, Any]:
    """A draft as it is stored and shown."""
    return {
        item.name: money_json(value) if isinstance(value, Money) else value
        for item in fields(draft)
        for value in (getattr(draft, item.name),)
    }


def draft_of(body: Mapping[str, Any]) -> RiskDraft:
    """What `draft_json` has written."""
    return RiskDraft(**{**body, **{name: money_of(body[name]) for name in MONEY}})
