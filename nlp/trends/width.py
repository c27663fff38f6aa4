"""How wide the buckets are, as far as the rows until now tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

ASSUMED_S = 300.0
"""Before the second row."""

_STEPS = 15


@dataclass(slots=True)
class Width:
    """The median of the last steps forward, or what was given. Mutable; constant size."""

    seconds: float = ASSUMED_S
    given: bool = False
    steps: list[float] = field(default_factory=list)

    def learn(self, step_s: float) -> None:
        """Take the seconds between two rows; a clock that stands or runs back tells nothing."""
        if self.given or step_s <= 0.0:
            return
        if len(self.steps) == _STEPS:
            if step_s == self.seconds and self.steps.count(step_s) == _STEPS:
                return
            del self.steps[0]
        self.steps.append(step_s)
        self.seconds = median(self.steps)
