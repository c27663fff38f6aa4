"""Who can be paged and how: people, what they stand in for, chains of steps. Instants are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, ConfigDict

_STRICT = ConfigDict(extra="forbid")
MINUTES_MAX = 7 * 24 * 60
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def _written(value: object) -> object:
    """YAML reads 10:00 without quotes as a number, and that would be ten minutes past midnight."""
    if isinstance(value, int | float):
        raise ValueError("write a time of day in quotes, such as '09:30'")
    return value


def in_reach(year: int) -> bool:
    """Whether a calendar can be reckoned with around that year, in any zone."""
    return 2000 <= year <= 2200


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("give it a zone, as in 2026-10-01T09:00:00+08:00")
    if not in_reach(value.year):
        raise ValueError("a year from 2000 to 2200")
    return value.astimezone(UTC)


def _reckonable(value: date) -> date:
    if not in_reach(value.year):
        raise ValueError("a year from 2000 to 2200")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_written)]
Moment = Annotated[datetime, AfterValidator(_aware)]
Day = Annotated[date, AfterValidator(_reckonable)]


class TargetKind(StrEnum):
    """Whom a step pages: `everybody` is every channel that wants news of such an incident.

    An `account` is the contact of that user, whatever contact that is.
    """

    PERSON = "person"
    ROTA = "rota"
    ROLE = "role"
    CHANNEL = "channel"
    ACCOUNT = "account"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`id` is of the person, rota, playbook role, channel or user; `everybody` has none."""

    __pydantic_config__ = _STRICT

    kind: TargetKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value


EVERYBODY = Target(kind=TargetKind.EVERYBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours of the day on days of the week (1 is Monday), half open, by the clock of a zone.

    `until` at or before `since` reaches into the next day; equal ones are a whole day.
    """

    __pydantic_config__ = _STRICT

    since: TimeOfDay
    until: TimeOfDay
    days: tuple[int, ...] = EVERY_DAY

    def holds(self, local: datetime) -> bool:
        """Whether the window is open at that local time."""
        clock, day = local.timetz().replace(tzinfo=None), local.isoweekday()
        if self.since < self.until:
            return day in self.days and self.since <= clock < self.until
        yesterday = 7 if day == 1 else day - 1
        return (day in self.days and clock >= self.since) or (
            yesterday in self.days and clock < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChannel:
    """A channel at which somebody is reached; not within its own quiet hours."""

    __pydantic_config__ = _STRICT

    channel: str
    quiet: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """A person: `channels` in order of preference, `user` the name of their account."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    channels: tuple[ContactChannel, ...]
    zone: str = "Asia/Shanghai"
    quiet: Window | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """People who take turns: from `starts_on` at `hand_over`, each `shift_days` days.

    `window` limits the layer to some hours; the first layer that has somebody counts.
    """

    __pydantic_config__ = _STRICT

    members: tuple[str, ...]
    starts_on: Day
    hand_over: TimeOfDay = time(9)
    shift_days: int = 7
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody else for a while, half open; where two overlap, the later in the list counts."""

    __pydantic_config__ = _STRICT

    person: str
    since: Moment
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaDraft:
    """A rota: all local times are of `zone`."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    layers: tuple[Layer, ...]
    zone: str = "Asia/Shanghai"
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDraft:
    """Who is meant by a playbook role (its `id`), and who when they do not answer."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    holder: Target
    deputy: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """After `wait_min` minutes page `notify`; outside of `window` the step is passed over."""

    __pydantic_config__ = _STRICT

    notify: tuple[Target, ...]
    wait_min: int = 0
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDraft:
    """What pages an incident of a tier (its `id`) until somebody acknowledges; in minutes.

    With an id such as `red.legal` it calls for a role at that tier: for its late step, its seat.

    The steps are gone through `repeat` times, `again_min` apart, and with nobody's answer begin
    anew so `anew` times; from then on each `rest_min` they are gone through once more (0: never).
    None for these two is what the shipped chain says. `lease_min` is how long an acknowledgement
    holds without a deed, `reach_min` when a page must have arrived, `seat_min` when a seat in the
    emergency team goes to its deputy. `ignores_quiet` pages into quiet hours, and at every channel
    at once.
    """

    __pydantic_config__ = _STRICT

    id: str
    name: str
    steps: tuple[ChainStep, ...]
    repeat: int = 1
    again_min: int = 30
    anew: int | None = None
    rest_min: int | None = None
    zone: str = "Asia/Shanghai"
    lease_min: int = 60
    reach_min: int = 10
    seat_min: int = 15
    ignores_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(ContactDraft):
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota(RotaDraft):
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(DutyDraft):
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(ChainDraft):
    created_at: datetime
    updated_at: datetime
    version: int


def role_chain(tier: str, role: str) -> str:
    """The id of the chain that calls for a role at a tier."""
    return f"{tier}.{role}"


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError saying what one looks like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}; give one like Asia/Shanghai") from None
