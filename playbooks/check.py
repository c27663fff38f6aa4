"""Everything that can be said about a content folder, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playbooks.case_runs import run_cases
from playbooks.issues import Issue, Severity, located
from playbooks.lint import lint
from playbooks.loader import Reading, read_library
from playbooks.mistakes import Mistake


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Finding:
    """One mistake and its place; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int
    column: int
    severity: Severity
    code: Mistake
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity.value}: {self.message} [{self.code.value}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReport:
    """Every finding, sorted by place."""

    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the content can be used: warnings alone do not spoil it."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each finding."""
        return tuple(str(finding) for finding in self.findings)


def check_content(path: Path | None = None, *, overlays: Iterable[Path] = ()) -> ContentReport:
    """Load, lint and run the cases of a content folder (None: the one of this package).

    Cases run only over content that loads and rules that can match: what they expect says nothing
    of the rest.
    """
    reading = read_library(path, overlays=overlays)
    return ContentReport(findings=tuple(sorted(set(_findings(reading)))))


def _findings(reading: Reading) -> Iterator[Finding]:
    for problem in reading.problems:
        yield Finding(
            file=problem.file,
            line=problem.line,
            column=problem.column,
            severity=Severity.ERROR,
            code=problem.code,
            message=problem.message,
        )
    if reading.library is None:
        return
    issues = lint(reading.library, broken=reading.broken)
    for issue in issues:
        yield _placed(issue, reading)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if reading.problems or any(issue.file.startswith("rules/") for issue in errors):
        return
    for failure in run_cases(reading.library):
        yield _placed(
            Issue(
                file=f"cases/{failure.case}.yaml",
                severity=Severity.ERROR,
                code=Mistake.CASE_FAILED,
                message=f"expected {failure.expected}, got {failure.got}",
                path=("expect",),
            ),
            reading,
        )


def _placed(issue: Issue, reading: Reading) -> Finding:
    file, line, column = located(issue, reading.documents)
    step = f"step {issue.step}: " if issue.step else ""
    return Finding(
        file=file,
        line=line,
        column=column,
        severity=issue.severity,
        code=issue.code,
        message=step + issue.message,
    )
