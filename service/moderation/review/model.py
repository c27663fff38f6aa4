"""Review items, verdicts and their history as values. All instants are aware UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.moderation.case import CaseLabel
from service.moderation.review.lifecycle import Line, Ruling, Standing, State

RISKS = ("high", "medium", "low", "none")
"""Risk levels, gravest first."""


class Origin(StrEnum):
    """How a text came before people."""

    MACHINE = "machine"
    """The machine asked for it."""
    PATROL = "patrol"
    """It had passed and was drawn for the audit of what passes."""
    APPEAL = "appeal"
    """The machine blocked it and its author objects."""


class Sort(StrEnum):
    """Orders of a queue; what is overdue comes first in both."""

    DUE = "due"
    RISK = "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One text before people. `twin_of` names the item that this is a second opinion on.

    `sealed` means that a second opinion is out, and the first one must not be told. `parent` and
    `session` are the beginnings of what stood around the text, for its reader.
    """

    id: str
    origin: Origin
    line: Line
    state: State
    kind: str
    caller: str
    caller_item: str | None
    text: str
    policy: str
    suggestion: str
    held: bool
    hold_id: str | None
    risk_level: str
    labels: tuple[CaseLabel, ...]
    author: str | None
    versions: Mapping[str, str]
    judged_at: datetime
    filed_at: datetime
    entered_at: datetime
    due_at: datetime
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    holder: str | None = None
    lease_until: datetime | None = None
    ruling: Ruling | None = None
    appealed_at: datetime | None = None
    appeal_words: str | None = None
    appealed_by: str | None = None
    twin_of: str | None = None
    barred: str | None = None
    sealed: bool = False
    decided_at: datetime | None = None
    updated_at: datetime
    version: int = 1
    parent: str | None = None
    session: tuple[str, ...] = ()

    @property
    def is_opinion(self) -> bool:
        """Whether this is a second opinion, of which nobody outside hears."""
        return self.twin_of is not None

    def standing(self, verdicts: Iterable[HumanVerdict] = ()) -> Standing:
        """Where it stands, for the lifecycle; `verdicts` are those on it so far."""
        return Standing(
            line=self.line,
            state=self.state,
            holder=self.holder,
            lease_until=self.lease_until,
            ruling=self.ruling,
            decided_by=tuple((verdict.line, verdict.reviewer) for verdict in verdicts),
            appealed=self.appealed_at is not None,
            barred=frozenset() if self.barred is None else frozenset({self.barred}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanVerdict:
    """What a person ruled on a line, by which reason of which rubric."""

    item_id: str
    line: Line
    ruling: Ruling
    labels: tuple[str, ...]
    reason: str
    note: str | None
    rubric_version: str
    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEvent:
    """What happened to an item, when and by whom."""

    id: int
    at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFile:
    """Everything about one item."""

    item: ReviewItem
    verdicts: tuple[HumanVerdict, ...]
    history: tuple[ReviewEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Filters are ANDed; values inside one are ORed; empty means no filter."""

    lines: tuple[Line, ...] = ()
    states: tuple[State, ...] = field(default=())
    origins: tuple[Origin, ...] = ()
    labels: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
