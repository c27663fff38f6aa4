"""Errors of the text leaf.

NlpError
├── BadTable        a data table (TSV) has errors; every one is listed with its file and line
├── BadQuery        a monitor's query cannot be read; `column` is 1-based
├── BadComponents   the analyser's components cannot be put in an order
└── ModelError      the encoder cannot be served
    ├── ModelMissing    there is nothing at the path, or it is no model's folder
    ├── BadModel        the files do not agree with the manifest, or say what we cannot serve
    └── ExtraMissing    a library of an optional extra is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class NlpError(Exception):
    """Root of every error raised on purpose by `nlp`."""


@dataclass(frozen=True, slots=True)
class TableIssue:
    """One mistake in a table: where it stands and what to do about it. Line 0 is the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadTable(NlpError):
    """A table was refused; `issues` holds every mistake found, in file order."""

    def __init__(self, issues: Iterable[TableIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class BadQuery(NlpError):
    """A query was refused at `column` (1-based, in code points of the query)."""

    def __init__(self, column: int, message: str) -> None:
        self.column = column
        self.message = message
        super().__init__(f"column {column}: {message}")


class BadComponents(NlpError):
    """Two components share a name, need one another, or need one that is not there."""


class ModelError(NlpError):
    """The encoder cannot be served; the message says which file and what to do."""


class ModelMissing(ModelError):
    """There is no model where one was looked for."""


class BadModel(ModelError):
    """A model was refused: a corrupt file, a manifest with a mistake, a shape we cannot serve."""


class ExtraMissing(ModelError):
    """What was asked for needs libraries that come with an optional extra."""

    def __init__(self, library: str, *, extra: str) -> None:
        self.library = library
        self.extra = extra
        super().__init__(
            f'{library} is not installed; it comes with the extra: pip install "fengsui[{extra}]"'
        )
