"""What every declared mapping says of the posts it makes, and of how their values are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crawlers.instant import AUTO, OBSERVED, TimeForm
from crawlers.mapping import REQUIRED_FIELDS, FieldName, Reading, shape
from crawlers.post import Channel
from crawlers.setting import TimeZone

Platform = Annotated[str, StringConstraints(pattern=r"^[\w.:-]{1,100}$")]
"""What posts have as their source."""


class MappedPosts(BaseModel):
    """`channel` and `lang` are those of posts that say none themselves. `markup` names the fields
    that hold HTML, `rating_best` is the top rating."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel = Channel.SOCIAL
    lang: str | None = Field(default=None, max_length=35)
    timezone: TimeZone = "Asia/Shanghai"
    time: TimeForm = AUTO
    markup: tuple[FieldName, ...] = ()
    rating_best: float = Field(default=5, gt=0, le=1_000)

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

    def wire(self, values: Mapping[str, Any], *, reading: Reading, source: str) -> dict[str, Any]:
        """A post of `source` in the shape that `parse_post` reads; raises what `shape` raises."""
        wire = shape(values, reading=reading)
        wire["source"] = source
        wire["channel"] = self.channel.value
        if self.lang is not None:
            wire.setdefault("lang", self.lang)
        return wire
