"""Everything that can be said about a content folder, one line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playbooks.case_runs import CaseFailure, run_cases
from playbooks.errors import ContentErrors, ContentProblem
from playbooks.lint import Issue, Severity, lint
from playbooks.loader import load_library


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReport:
    """Problems keep content from loading; issues and failures are found in content that loads."""

    problems: tuple[ContentProblem, ...] = ()
    issues: tuple[Issue, ...] = ()
    failures: tuple[CaseFailure, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the content can be used: warnings alone do not spoil it."""
        errors = [issue for issue in self.issues if issue.severity is Severity.ERROR]
        return not (self.problems or errors or self.failures)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each finding, problems first."""
        return tuple(str(item) for item in (*self.problems, *self.failures, *self.issues))


def check_content(path: Path | None = None, *, overlays: Iterable[Path] = ()) -> ContentReport:
    """Load, lint and run the cases of a content folder (None: the one of this package)."""
    try:
        library = load_library(path, overlays=overlays)
    except ContentErrors as error:
        return ContentReport(problems=error.errors)
    return ContentReport(issues=lint(library), failures=run_cases(library))
