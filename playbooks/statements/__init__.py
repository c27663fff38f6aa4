"""Statements, judged: missing variables, harmful words, unproven figures, promises, tone."""

from playbooks.statements.clauses import sentences
from playbooks.statements.figures import Value, known_values
from playbooks.statements.finding import (
    Code,
    Finding,
    PromiseKind,
    Weight,
    finding_json,
    finding_of,
)
from playbooks.statements.following import follow
from playbooks.statements.lint import Around, Linted, Tone, lint_statement
from playbooks.statements.promises import Promise, promises
from playbooks.statements.wording import Spot

__all__ = [
    "Around",
    "Code",
    "Finding",
    "Linted",
    "Promise",
    "PromiseKind",
    "Spot",
    "Tone",
    "Value",
    "Weight",
    "finding_json",
    "finding_of",
    "follow",
    "known_values",
    "lint_statement",
    "promises",
    "sentences",
]
