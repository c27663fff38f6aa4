"""A version of the topics: what was asked for, how far it has come, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from nlp.topics import MOST_TOPICS, FitOptions, Pooling
from service.errors import InvalidInput

MOST_POSTS = 200_000
"""Posts of one fit: the newest of its span."""
FILE = "file"
"""Among the options: the file that a command fitted, whose posts are nowhere else."""
MOST_VERSIONS = 200
MOST_ACTIVE = 20
"""Models that new posts are held against."""


class FitState(StrEnum):
    """How a version stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether the fit is still to be done."""
        return self in {FitState.WAITING, FitState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRequest:
    """What is asked for: posts of `monitor` (None: all) published in [since, until).

    `based_on` is the version that new posts go on from; its number of topics stays. `activate`
    puts the version to work as soon as it is ready.
    """

    monitor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    topics: int | None = None
    lowest: int = 10
    highest: int = 50
    pooling: Pooling = Pooling.LIKENESS
    seed: int = 1
    based_on: int | None = None
    activate: bool = False

    def check(self) -> None:
        """Raise InvalidInput with every mistake."""
        wrong: list[tuple[str, str]] = []
        if self.topics is not None and not 2 <= self.topics <= MOST_TOPICS:
            wrong.append(("topics", f"from 2 to {MOST_TOPICS}"))
        if not 2 <= self.lowest <= self.highest <= MOST_TOPICS:
            wrong.append(("range", f"two numbers from 2 to {MOST_TOPICS}, the smaller one first"))
        if not 0 <= self.seed < 2**31:
            wrong.append(("seed", "from 0 to 2147483647"))
        if self.since is not None and self.until is not None and self.since >= self.until:
            wrong.append(("from", "earlier than `to`"))
        if wrong:
            said = "; ".join(f"{path}: {message}" for path, message in wrong)
            raise InvalidInput(f"topics cannot be fitted so: {said}", errors=wrong)

    def options(self) -> dict[str, Any]:
        """What a version keeps of it, as JSON."""
        return {
            "topics": self.topics,
            "lowest": self.lowest,
            "highest": self.highest,
            "pooling": self.pooling.value,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicVersion:
    """One version. `findings` are those of `findings_of`, None until it is ready; `alarm` is the
    last time that too many posts fitted none of its topics."""

    number: int
    monitor: str | None
    state: FitState
    active: bool
    based_on: int | None
    options: Mapping[str, Any]
    activate: bool
    since: datetime | None
    until: datetime
    progress: Mapping[str, Any]
    reason: str | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    findings: Mapping[str, Any] | None = None
    alarm: Mapping[str, Any] | None = None


def options_of(version: TopicVersion) -> FitOptions:
    """How the version is, or was, fitted."""
    kept = version.options
    return FitOptions(
        topics=kept["topics"],
        lowest=kept["lowest"],
        highest=kept["highest"],
        pooling=Pooling(kept["pooling"]),
        seed=kept["seed"],
    )
