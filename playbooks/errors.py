"""Errors of the playbooks leaf; none knows of HTTP or databases.

PlaybookError
├── ContentErrors        content cannot be used; `errors` holds every problem with file:line:column
├── UnknownContent       no tier, scenario, rule, playbook or template has that id
├── UnknownFact          a fact that the catalogue does not list, or a value that is not of its kind
├── TemplateError        a statement misses variables, or is given some that it does not know
└── RunError
    ├── IllegalEvent     the run as a whole cannot take this event
    └── IllegalStep      this step cannot take it: needs unmet, reason missing, cancelled
        └── UnknownStep  the run has no such step

BadValue is a ValueError: what a validator of the schema says, with its code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from playbooks.mistakes import Mistake


class BadValue(ValueError):
    """A value that a file may not have; `code` is the kind of mistake."""

    def __init__(self, code: Mistake, message: str) -> None:
        self.code = code
        super().__init__(message)


class PlaybookError(Exception):
    """Base: a message that says what, where and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class ContentProblem:
    """One mistake in the content; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str
    path: tuple[str | int, ...] = field(default=(), compare=False)
    """Keys that lead to it, where it came without lines."""
    code: Mistake = field(default=Mistake.BAD_VALUE, compare=False, kw_only=True)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ContentErrors(PlaybookError):
    """Every problem found in one reading, sorted by place, each named once."""

    def __init__(self, errors: Iterable[ContentProblem]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(str(error) for error in self.errors))


class UnknownContent(PlaybookError):
    """Asked for an id that the library does not hold."""

    def __init__(self, kind: str, name: str, *, known: Iterable[str] = ()) -> None:
        self.kind = kind
        self.name = name
        listed = ", ".join(sorted(known)) or "none"
        super().__init__(f"no {kind} is called {name!r}; known: {listed}")


class UnknownFact(PlaybookError):
    """A fact outside the catalogue, or a value of the wrong kind."""


class TemplateError(PlaybookError):
    """A statement cannot be filled in; both tuples hold variable names."""

    def __init__(
        self, template: str, *, missing: tuple[str, ...], unknown: tuple[str, ...]
    ) -> None:
        self.template = template
        self.missing = missing
        self.unknown = unknown
        parts = []
        if missing:
            parts.append(f"give a value for {', '.join(missing)}")
        if unknown:
            parts.append(f"it does not know {', '.join(unknown)}")
        super().__init__(f"template {template}: {'; '.join(parts)}")


class RunError(PlaybookError):
    """A run was asked for something that it must refuse."""


class IllegalEvent(RunError):
    """The run as a whole cannot take this event."""


class IllegalStep(RunError):
    """A step cannot take this event now."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        self.reason = reason
        super().__init__(f"step {step}: {reason}")


class UnknownStep(IllegalStep):
    """The run has no such step."""

    def __init__(self, step: str) -> None:
        super().__init__(step, "this run has no such step")
