"""More time for a step: what was asked for, what was granted, and a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=7)
"""Most that one request may ask for."""


class DelayKind(StrEnum):
    """Longer by so much; or the clock stands still, and goes on by itself after so long."""

    EXTEND = "extend"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRequest:
    """Somebody asks for more time; the clock runs on until another person has granted it."""

    kind: DelayKind
    lasting: timedelta
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stands still from `since`, at the latest to `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Time added at an instant, by the step's own calendar; a tier that rises later counts anew."""

    at: datetime
    lasting: timedelta
