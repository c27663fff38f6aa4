"""What every declared source says of a place that it reads: right, pace, order, forms of values."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.instant import AUTO, OBSERVED, TimeForm
from crawlers.kind import MAX_REASON, Basis
from crawlers.mapping import REQUIRED_FIELDS, FieldName, Reading
from crawlers.post import Channel
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl, TimeZone

DEFAULT_RATE = RateLimit(requests=20, period=timedelta(minutes=1))
"""The pace of a declaration that says none."""


class ListOrder(StrEnum):
    """What the order of a list says."""

    NEWEST = "newest"
    """Newest first: pages are walked until something known comes."""
    ANY = "any"
    """Nothing of time, as where the hottest comes first: one page, read as a whole each time."""


class Declaration(BaseModel):
    """The part that lists of all shapes share.

    `platform` is the source of the posts, by default the host. `requests` in `period_s` seconds is
    the pace. `markup` names the fields that hold HTML, `optional` those that may be missing on
    every row without that being drift. `daily` makes an entry that returns on another day another
    post, as it should be on lists of what is hot. Unless `may_be_empty`, an empty list is a
    refusal. An unofficial place needs `enabled_because`, and there robots.txt is always obeyed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: BaseUrl
    platform: str | None = Field(default=None, pattern=r"^[\w.:-]{1,100}$")
    basis: Basis
    enabled_because: str | None = Field(default=None, min_length=1, max_length=MAX_REASON)
    channel: Channel = Channel.SOCIAL
    lang: str | None = Field(default=None, max_length=35)
    timezone: TimeZone = "Asia/Shanghai"
    requests: int = Field(default=DEFAULT_RATE.requests, ge=1, le=100_000)
    period_s: float = Field(default=DEFAULT_RATE.period.total_seconds(), gt=0, le=86_400)
    obey_robots: bool = True
    order: ListOrder = ListOrder.NEWEST
    daily: bool = False
    may_be_empty: bool = False
    max_pages: int = Field(default=5, ge=1, le=100)
    time: TimeForm = AUTO
    markup: tuple[FieldName, ...] = ()
    optional: tuple[FieldName, ...] = ()
    rating_best: float = Field(default=5, gt=0, le=1_000)

    @model_validator(mode="after")
    def _by_right(self) -> Self:
        if self.basis is Basis.UNOFFICIAL and not self.obey_robots:
            raise ValueError("obey_robots: an unofficial place is asked as its robots.txt allows")
        return self

    @property
    def posts_source(self) -> str:
        """The source of its posts: the platform, or the host without www."""
        host = (urlsplit(self.base_url).hostname or "").lower()
        return self.platform or host.removeprefix("www.")

    @property
    def rate(self) -> RateLimit:
        return RateLimit(requests=self.requests, period=timedelta(seconds=self.period_s))

    def check_reason(self) -> None:
        """Raise ValueError for an unofficial place for which nobody answers."""
        if self.basis is Basis.UNOFFICIAL and not (self.enabled_because or "").strip():
            raise ValueError(
                "enabled_because: this place is unofficial; say why you may read it. The reason is "
                "kept and shown"
            )

    def check_fields(self, names: set[str]) -> None:
        """Raise ValueError where a mapping lacks a field that every post needs."""
        needed = REQUIRED_FIELDS | (set() if self.time == OBSERVED else {"published_at"})
        if missing := sorted(needed - names):
            raise ValueError(f"fields: {', '.join(missing)} must be mapped")

    def reading(self, *, now: datetime, url: str) -> Reading:
        """How values of an answer from `url` are read at `now`."""
        return Reading(
            zone=ZoneInfo(self.timezone),
            now=now,
            url=url,
            time=self.time,
            markup=frozenset(self.markup),
            best=self.rating_best,
        )

    def native_id(self, found: str, *, now: datetime) -> str:
        """The id of an entry: as found, or below the day on which it is seen."""
        day = now.astimezone(ZoneInfo(self.timezone)).date()
        return f"{day.isoformat()}:{found}" if self.daily else found
