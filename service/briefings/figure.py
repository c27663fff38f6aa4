"""Figures and quotes: none can be made without the address of what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

from service.briefings import links


class Unit(StrEnum):
    """`share` is from 0 to 1, `change` a part of what it was before, `points` a change of a share
    or balance. Hours and seconds are lengths of time."""

    POSTS = "posts"
    PEOPLE = "people"
    ACTS = "acts"
    INCIDENTS = "incidents"
    STEPS = "steps"
    COMPLAINTS = "complaints"
    COPIES = "copies"
    SHARE = "share"
    BALANCE = "balance"
    CHANGE = "change"
    POINTS = "points"
    PER_THOUSAND = "per_thousand"
    SECONDS = "seconds"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value over `n` cases, or `not_enough` of them; `link` is the console's page of the query.

    `low` and `high` are the middle 80 % of what is thought likely, of a forecast alone. Raises
    ValueError without a link, and for a value beside `not_enough`.
    """

    value: float | None
    unit: Unit
    n: int
    link: str
    not_enough: bool = False
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        links.checked(self.link)
        if (self.value is None) is not self.not_enough:
            raise ValueError("a figure has a value, or says that there is not enough data")
        if (self.low is None) is not (self.high is None) or (
            self.low is not None and self.value is None
        ):
            raise ValueError("a range has two ends, around a value")
        given = [item for item in (self.value, self.low, self.high) if item is not None]
        if self.n < 0 or not all(isfinite(item) for item in given):
            raise ValueError("a figure is a number over a number of cases")


def counted(value: float, unit: Unit, link: str) -> Figure:
    """A count: it says something however small it is."""
    return Figure(value=value, unit=unit, n=max(0, int(value)), link=link)


def too_few(unit: Unit, link: str, *, n: int) -> Figure:
    """Not enough data for a number."""
    return Figure(value=None, unit=unit, n=n, link=link, not_enough=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A post that is quoted, as it is kept: where its words are, and not the words.

    `content_hash` is of the wording that was chosen. `spread` counts its copies. Raises ValueError
    without a link.
    """

    post_id: str
    content_hash: str
    published_at: datetime
    source: str
    sentiment: str | None
    link: str
    spread: Figure

    def __post_init__(self) -> None:
        links.checked(self.link)
        if not self.post_id:
            raise ValueError("a quote is of a stored post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quote for a reader: `text` is masked and cut, None where the post is gone or taken down."""

    cited: Cited
    text: str | None
