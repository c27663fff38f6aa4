"""How the crawlers tell what they do, without knowing who counts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Observe(Protocol):
    """Takes a name such as `crawl.pull`, a value and labels; must not raise and must not wait."""

    def __call__(self, name: str, value: float, labels: Mapping[str, str], /) -> None: ...


def ignore(name: str, value: float, labels: Mapping[str, str], /) -> None:
    """Observe nothing: for tests and for callers that do not count."""
