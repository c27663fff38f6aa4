"""How many people a day's posts take, shift by shift. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from service.indicators.outlook.range import Range

HOURS = 24
SHIFTS_H = (4, 6, 8, 12, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """`share` of the posts need a person for `minutes` each; of a shift of `shift_h` hours a person
    has the part `busy` for that. `profile` are the shares of the day's posts in its 24 hours."""

    share: float
    minutes: float
    shift_h: int
    busy: float
    profile: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """People who start at this hour of the day; whole ones, in every number of the range."""

    starts_h: int
    people: Range


def shifts(volume: Range, load: Workload) -> tuple[Shift, ...]:
    """The people for a day of such a volume. Whose share of posts is nothing needs nobody."""
    found = []
    for start in range(0, HOURS, load.shift_h):
        part = sum(load.profile[start : start + load.shift_h])
        people_a_post = load.share * part * load.minutes / (load.shift_h * 60 * load.busy)
        found.append(Shift(starts_h=start, people=volume.mapped(_whole(people_a_post))))
    return tuple(found)


def hour_profile(by_hour: Sequence[int]) -> tuple[float, ...]:
    """Shares of the 24 hours of the day; even where there was no post."""
    total = sum(by_hour)
    if not total:
        return (1 / HOURS,) * HOURS
    return tuple(count / total for count in by_hour)


def _whole(people_a_post: float) -> Callable[[float], float]:
    # Rounded first: 3.0000000000000004 people are three.
    return lambda posts: float(ceil(round(posts * people_a_post, 9)))
