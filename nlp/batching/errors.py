"""Errors of the line.

NlpError
└── BatchingError
    ├── Overloaded   no room for this call; `retry_after_s` says when to come again
    └── LineClosed   the line was closed, before or while the call waited
"""

from __future__ import annotations

from nlp.errors import NlpError


class BatchingError(NlpError):
    """Root of the errors of `nlp.batching`."""


class Overloaded(BatchingError):
    """The call was shed whole: nothing of it was begun."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class LineClosed(BatchingError):
    """The call was not answered, and never will be by this line."""
