"""Statements and promises as values. All instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from playbooks.emotion_matrix import Advice
from playbooks.schema import StatementKind, Text
from playbooks.statements import Finding, PromiseKind
from service.statements.lifecycle import Capacity, Need, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the writer answers for, and where it is from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A statement to write: from a template, or freely with `text`, `kind` and `title`.

    `emotion` and `intensity` are what it answers; read from the posts where they are left out.
    """

    template: str | None = None
    kind: StatementKind | None = None
    lang: str | None = None
    title: str | None = None
    text: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    emotion: str | None = None
    intensity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new wording; what is None stays. New `values` fill the template again unless `text` is."""

    title: str | None = None
    text: str | None = None
    values: Mapping[str, str] | None = None
    facts: tuple[Fact, ...] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as lists show it. `edition` is the number of the wording that counts.

    `blocking` and `promises` count the findings of that wording.
    """

    id: str
    incident_id: str
    template: str | None
    kind: StatementKind
    lang: str
    title: str
    state: State
    edition: int
    emotion: str | None
    intensity: str | None
    blocking: int
    promises: int
    created_by: str
    created_at: datetime
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One wording, with what was found in it; `version` is the statement's that had it first."""

    number: int
    title: str
    text: str
    variables: Mapping[str, str]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    degraded: tuple[str, ...]
    note: str | None
    by: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who answers for which wording; `voided_at` once that wording no longer counts."""

    edition: int
    person: str
    capacity: Capacity
    note: str | None
    at: datetime
    voided_at: datetime | None = None
    void_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a wording went out, when, and who says so."""

    edition: int
    place: str
    url: str | None
    published_at: datetime
    by: str
    noted_at: datetime


class PromiseState(StrEnum):
    """`proposed` until the statement is out, `dropped` when the words went before it was."""

    PROPOSED = "proposed"
    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """One row of the ledger. `owner` is a person or a playbook role; `text` is the sentence."""

    id: str
    statement_id: str
    incident_id: str
    kind: PromiseKind
    text: str
    owner: str | None
    due_at: datetime | None
    state: PromiseState
    made_at: datetime | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    escalated_at: datetime | None = None
    kept_at: datetime | None = None
    kept_by: str | None = None
    evidence: str | None = None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """Everything about one statement; `missing` says what still keeps it from going out."""

    statement: Statement
    edition: Edition
    approvals: tuple[Approval, ...]
    places: tuple[Place, ...]
    promises: tuple[PromiseRow, ...]
    need: Need
    missing: tuple[str, ...]
    advice: Advice | None
    checks: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFilter:
    """Filters are ANDed, values inside one are ORed; `within` limits the monitors (None: all)."""

    incident_id: str | None = None
    states: tuple[State, ...] = ()
    kinds: tuple[StatementKind, ...] = ()
    within: frozenset[str] | None = None
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFilter:
    """As `StatementFilter`; `overdue` asks for open ones past their date, or for the others."""

    incident_id: str | None = None
    statement_id: str | None = None
    states: tuple[PromiseState, ...] = ()
    kinds: tuple[PromiseKind, ...] = ()
    owners: tuple[str, ...] = ()
    overdue: bool | None = None
    within: frozenset[str] | None = None
    private: bool = False


class StatementSort(StrEnum):
    NEWEST = "newest"
    CHANGED = "changed"


class PromiseSort(StrEnum):
    """By due time (those without a date last), or the newest first."""

    DUE = "due"
    NEWEST = "newest"
