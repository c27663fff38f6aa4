"""Findings of the lint over content that loads, and where in the files they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from playbooks.document import Document, Path
from playbooks.mistakes import Mistake


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Issue:
    """One finding: the file inside the content, the step where there is one, the keys below that.

    An error is content that cannot work as it is meant.
    """

    file: str
    step: str = ""
    severity: Severity
    code: Mistake
    message: str
    path: Path = field(default=(), compare=False)

    @property
    def place(self) -> str:
        """The file, and the step in it where there is one."""
        return f"{self.file} step {self.step}" if self.step else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.severity.value}: {self.message}"


def error(file: str, code: Mistake, message: str, *, step: str = "", path: Path = ()) -> Issue:
    """A finding that spoils the content."""
    return Issue(
        file=file, step=step, severity=Severity.ERROR, code=code, message=message, path=path
    )


def warning(file: str, code: Mistake, message: str, *, step: str = "", path: Path = ()) -> Issue:
    """A finding that is allowed and probably a mistake."""
    return Issue(
        file=file, step=step, severity=Severity.WARNING, code=code, message=message, path=path
    )


def located(issue: Issue, documents: Mapping[str, Document]) -> tuple[str, int, int]:
    """Place, line and column of a finding, in the documents by their name inside the content.

    A step is looked for in the playbook, then in its ladders, the last one first: where the key
    is written, else where the step is.
    """
    own = documents.get(issue.file)
    if own is None:
        return issue.file, 0, 0
    found = own.problem(issue.path if not issue.step else (), "")
    if issue.step:
        ladders = [documents.get(f"ladders/{name}.yaml") for name in own.data.get("ladders", ())]
        holders = [document for document in (own, *reversed(ladders)) if document is not None]
        wrote = [
            (document, ("steps", place))
            for document in holders
            for place, step in enumerate(document.data.get("steps", ()))
            if step["id"] == issue.step
        ]
        with_key = [one for one in wrote if (*one[1], *issue.path) in one[0].values]
        for document, path in (with_key or wrote)[:1]:
            found = document.problem((*path, *issue.path), "")
    return found.file, found.line, found.column
