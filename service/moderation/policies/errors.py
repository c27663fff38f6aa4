"""Errors of policies.

ServiceError
└── InvalidInput
    └── BadPolicies     policy files were refused; every mistake with its file and line
"""

from __future__ import annotations

from collections.abc import Iterable

from nlp import TableIssue
from service.errors import InvalidInput


class BadPolicies(InvalidInput):
    """Policy files were refused; `issues` holds every mistake found, in file order."""

    def __init__(self, issues: Iterable[TableIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__(
            "\n".join(str(issue) for issue in self.issues),
            errors=[(f"{issue.file}:{issue.line}", issue.message) for issue in self.issues],
        )
