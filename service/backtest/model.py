"""A back-test as values: what is asked, what a rehearsal of rules saw, who carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from playbooks import Document, FactValue, Library
from service.lexicon import Imported
from service.monitoring.crowds import Crowd
from service.monitors import Brand, Monitor
from service.rules import RulesInForce
from service.stores import StoredPost

Tell = Callable[[str, int, int], None]
"""Progress: the stage, how much of it is done, and of how much. May raise to stop everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many pages in one night."""

    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is tried out: overlays in place of those in force, rows over the lexicon that serves."""

    rules: tuple[Document, ...] = ()
    lexicon: Imported | None = None
    budget: Budget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What rules are rehearsed in. Incidents count from `since`; posts before only make history."""

    brands: tuple[Brand, ...]
    monitors: tuple[Monitor, ...]
    zone: ZoneInfo
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A post that stands for an incident; personal data in it are masked."""

    post_id: str
    source: str
    published_at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A tier, since when, and the rules and clauses that asked for it; the first is the opening."""

    tier: str
    at: datetime
    rules: tuple[str, ...]
    reasons: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An incident as a rehearsal opened it; `ended_at` is when it took no more posts."""

    monitor: str
    scenario: str
    opened_at: datetime
    first_post_at: datetime
    ended_at: datetime
    tiers: tuple[Raise, ...]
    posts: int = 0
    evidence: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def tier(self) -> str:
        """The highest that it came to: in a rehearsal nobody lowers one."""
        return self.tiers[-1].tier


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentLook:
    """A segment at one tick. `held` are the rules that held, before any was inhibited; only then
    are there `facts`, those that rules read. `crowd` is its last hour; `still_on` are rules that
    have not let go."""

    scenario: str
    segment: str | None
    is_inside: bool
    crowd: Crowd
    held: frozenset[str] = frozenset()
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    still_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One tick of one monitor."""

    monitor: str
    at: datetime
    segments: tuple[SegmentLook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of one run of posts through rules; `looks` only where they were asked for."""

    library: Library
    incidents: tuple[Found, ...]
    looks: tuple[Look, ...] = ()


class Rehearse(Protocol):
    """The virtual-time runner: bootstrap builds it."""

    async def __call__(
        self,
        posts: Sequence[StoredPost],
        stage: Stage,
        library: Library,
        *,
        taped: bool,
        tell: Callable[[int, int], None],
    ) -> Rehearsal:
        """Run the posts, in the order of their publishing, through the rules."""
        ...


class Reread(Protocol):
    """Reads stored posts with other words; bootstrap builds it."""

    async def __call__(
        self,
        posts: Sequence[StoredPost],
        stage: Stage,
        lexicon: Imported,
        *,
        tell: Callable[[int, int], None],
    ) -> list[StoredPost]:
        """The same posts in the same order, those that the rows touch analysed anew.

        Raises InvalidInput for rows that the lexicon refuses.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """An incident that people have judged: whether it was about us, and over which time."""

    incident_id: str
    monitor: str
    scenarios: frozenset[str]
    since: datetime
    until: datetime
    about_us: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What people have said: judged incidents, and posts marked as not about us."""

    incidents: tuple[Label, ...] = ()
    not_about_us: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a back-test reads: the posts by publishing time, and what is in force."""

    posts: Sequence[StoredPost]
    stage: Stage
    rules: RulesInForce
    labels: Labels | None
    """None where there is nobody to ask: a recorded stream."""
