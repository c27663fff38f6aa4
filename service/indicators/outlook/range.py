"""A number that is not known yet: the middle, and between what it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Z80, Z95 = 1.2815515655446004, 1.959963984540054
"""Quantiles of the normal distribution at 90 and 97.5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The median, with the middle 80 % and 95 % of what is thought likely."""

    value: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float

    def mapped(self, change: Callable[[float], float]) -> Range:
        """What a function that never falls makes of it."""
        return Range(
            value=change(self.value),
            low_80=change(self.low_80),
            high_80=change(self.high_80),
            low_95=change(self.low_95),
            high_95=change(self.high_95),
        )
