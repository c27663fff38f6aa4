"""Statements that people answer for: drafts, lint, approval, promises, publication."""

from __future__ import annotations

from service.statements.access import TEXT_MAX
from service.statements.approval import Approvals
from service.statements.desk import StatementDesk
from service.statements.drafting import Drafting
from service.statements.export import as_html
from service.statements.hand import Hand
from service.statements.ledger import Ledger
from service.statements.lifecycle import Capacity, State
from service.statements.linter import Linter
from service.statements.model import (
    Change,
    Fact,
    NewStatement,
    PromiseFilter,
    PromiseRow,
    PromiseSort,
    PromiseState,
    Statement,
    StatementFile,
    StatementFilter,
    StatementSort,
)
from service.statements.promises import PromiseDesk
from service.statements.publication import Publication, Published
from service.statements.reading import StatementReading
from service.statements.surroundings import FILLED
from service.statements.traces import Traces

__all__ = [
    "FILLED",
    "TEXT_MAX",
    "Approvals",
    "Capacity",
    "Change",
    "Drafting",
    "Fact",
    "Hand",
    "Ledger",
    "Linter",
    "NewStatement",
    "PromiseDesk",
    "PromiseFilter",
    "PromiseRow",
    "PromiseSort",
    "PromiseState",
    "Publication",
    "Published",
    "State",
    "Statement",
    "StatementDesk",
    "StatementFile",
    "StatementFilter",
    "StatementReading",
    "StatementSort",
    "Traces",
    "as_html",
]
