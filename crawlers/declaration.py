"""What every declared source says of a place that it reads: right, pace, order, forms of values."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from crawlers.kind import MAX_REASON, Basis
from crawlers.mapped_posts import MappedPosts, Platform
from crawlers.mapping import FieldName
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl

DEFAULT_RATE = RateLimit(requests=20, period=timedelta(minutes=1))
"""The pace of a declaration that says none."""


class ListOrder(StrEnum):
    """What the order of a list says."""

    NEWEST = "newest"
    """Newest first: pages are walked until something known comes."""
    ANY = "any"
    """Nothing of time, as where the hottest comes first: one page, read as a whole each time."""


class Declaration(MappedPosts):
    """The part that lists of all shapes share.

    `platform` is the source of the posts, by default the host. `requests` in `period_s` seconds is
    the pace. `optional` names the fields that may be missing on every row without that being
    drift. `daily` makes an entry that returns on another day another post, as it should be on lists
    of what is hot. Unless `may_be_empty`, an empty list is a refusal. An unofficial place needs
    `enabled_because`, and there robots.txt is always obeyed.
    """

    base_url: BaseUrl
    platform: Platform | None = None
    basis: Basis
    enabled_because: str | None = Field(default=None, min_length=1, max_length=MAX_REASON)
    requests: int = Field(default=DEFAULT_RATE.requests, ge=1, le=100_000)
    period_s: float = Field(default=DEFAULT_RATE.period.total_seconds(), gt=0, le=86_400)
    obey_robots: bool = True
    order: ListOrder = ListOrder.NEWEST
    daily: bool = False
    may_be_empty: bool = False
    max_pages: int = Field(default=5, ge=1, le=100)
    optional: tuple[FieldName, ...] = ()

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

    def native_id(self, found: str, *, now: datetime) -> str:
        """The id of an entry: as found, or below the day on which it is seen."""
        day = now.astimezone(ZoneInfo(self.timezone)).date()
        return f"{day.isoformat()}:{found}" if self.daily else found
