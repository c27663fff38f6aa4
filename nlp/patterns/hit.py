"""What matching answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternHit:
    """One pattern found; half open, in code points of the original.

    `rule` says which wording; `suppressed_by` is `<guard>:<word>` where it does not count.
    """

    pattern: str
    rule: str
    start: int
    end: int
    surface: str
    suppressed_by: str | None = None
