"""Errors of semantic patterns.

NlpError
└── BadPattern      a pattern file was refused; every mistake is listed with its file and line
"""

from __future__ import annotations

from collections.abc import Iterable

from nlp.errors import NlpError, TableIssue


class BadPattern(NlpError):
    """Pattern files were refused; `issues` holds every mistake found, in file order."""

    def __init__(self, issues: Iterable[TableIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))
