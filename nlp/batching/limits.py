"""How much a line takes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a line; tokens count as `Stages.weigh` says.

    The last two bound what impatient callers have under way, from the door to the answer; one call
    is let in however big when nobody else is there.
    """

    batch_tokens: int = 2_048
    """Tokens of a batch, padding counted: what others wait for once it runs."""
    max_wait_s: float = 0.002
    """How long the first in an idle line waits for company."""
    most_items: int = 4_096
    most_tokens: int = 262_144

    def __post_init__(self) -> None:
        """Raises ValueError that names the bound."""
        for name in ("batch_tokens", "most_items", "most_tokens"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: {getattr(self, name)}; at least 1")
        if self.max_wait_s < 0:
            raise ValueError(f"max_wait_s: {self.max_wait_s}; not below 0")
