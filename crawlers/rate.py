"""How often a site lets itself be asked, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """At most `requests` to one host within any `period`: what its terms allow, or less."""

    requests: int
    period: timedelta

    def __post_init__(self) -> None:
        if self.requests < 1 or self.period <= timedelta(0):
            raise ValueError("a rate limit needs requests >= 1 and a period above zero")

    def __str__(self) -> str:
        return f"{self.requests} requests in {self.period.total_seconds():g} s"
