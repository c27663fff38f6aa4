"""A drill as values: the tape of what detection did with a recorded stream, and the drill's life.

Only the gaps between moves are squeezed by the speed. What people have is never squeezed: deadlines
run by the clock, and the first post of an incident is as long before its opening as in the stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from service.incidents.model import Evidence, Opening

SLOWEST, FASTEST = 0.1, 1000.0
TAIL = timedelta(hours=24)
TAIL_MAX = timedelta(days=14)


class DrillState(StrEnum):
    PREPARING = "preparing"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


GOING_ON = (DrillState.PREPARING, DrillState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """An incident opens. `key` names it on the tape."""

    what: Literal["opens"] = "opens"
    key: str
    opening: Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """Posts join it: how many there are now, and what was frozen."""

    what: Literal["joins"] = "joins"
    key: str
    posts: int
    last_post_at: datetime | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rises:
    """Rules ask for a higher tier."""

    what: Literal["rises"] = "rises"
    key: str
    tier: str
    rank: int
    reasons: tuple[Mapping[str, Any], ...]
    explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """No post joins any more; `contained` says that the crowd has calmed down."""

    what: Literal["ends"] = "ends"
    key: str
    reason: str
    contained: bool


Deed: TypeAlias = Annotated[Opens | Joins | Rises | Ends, Field(discriminator="what")]
DEED: TypeAdapter[Opens | Joins | Rises | Ends] = TypeAdapter(Deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What detection did at an instant of the stream."""

    at: datetime
    deed: Opens | Joins | Rises | Ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """Every move in the order of time; `posts` were played to make it."""

    moves: tuple[Move, ...]
    posts: int

    @property
    def begins(self) -> datetime:
        """The first opening: the quiet before it is not played again."""
        return self.moves[0].at


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One drill. `incidents` are ids by the key on the tape; `ends_at` is when it ends by itself.

    `channels` could hear of it when it was begun; none means that nobody is paged.
    """

    id: str
    state: DrillState
    stream: str
    speed: float
    monitor: str | None
    tail_s: float
    channels: tuple[str, ...]
    played: int
    moves: int
    incidents: Mapping[str, str]
    sheet: Mapping[str, Any] | None
    reason: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None


def due_at(started_at: datetime, offset_s: float, speed: float) -> datetime:
    """When a move that lies so many seconds behind the first one is made."""
    return started_at + timedelta(seconds=offset_s / speed)


def brought(opening: Opening, *, then: datetime, now: datetime, monitor: str | None) -> Opening:
    """The opening of the tape as it happens now, marked as a drill."""
    shift = now - then
    last = opening.last_post_at
    return replace(
        opening,
        drill=True,
        monitor_id=monitor or opening.monitor_id,
        previous_id=None,
        first_post_at=opening.first_post_at + shift,
        last_post_at=None if last is None else last + shift,
        evidence=frozen_now(opening.evidence, now=now),
    )


def frozen_now(evidence: tuple[Evidence, ...], *, now: datetime) -> tuple[Evidence, ...]:
    """The same posts, taken now; what they say, and when it was said, stays as recorded."""
    return tuple(replace(item, at=now) for item in evidence)
