"""All limits of fetching in one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawlers.fetch.guard import GuardPolicy
from crawlers.fetch.politeness import PolitenessPolicy
from crawlers.fetch.retry import RetryPolicy
from crawlers.fetch.robots import RobotsPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """All limits of fetching. `contact` (a URL or address) is told to every site we visit."""

    contact: str | None = None
    product: str = "Fengsui/0.1"
    max_bytes: int = 10 * 1024 * 1024
    max_redirects: int = 5
    request_seconds: float = 30.0
    guard: GuardPolicy = field(default_factory=GuardPolicy)
    politeness: PolitenessPolicy = field(default_factory=PolitenessPolicy)
    robots: RobotsPolicy = field(default_factory=RobotsPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        if not (self.user_agent.isascii() and self.user_agent.isprintable()):
            raise ValueError("product and contact go into a header: printable ASCII only")

    @property
    def user_agent(self) -> str:
        """What we say of ourselves: product and, where set, whom to write to."""
        return f"{self.product} (+{self.contact})" if self.contact else self.product
