"""The coverage statement: what could be seen, by source and by channel, and what could not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.coverage.condition import BLIND
from service.coverage.feed import Feed, Gap


class ChannelSight(StrEnum):
    """A channel is seen by all, by some or by none of its feeds."""

    SEEN = "seen"
    PARTIAL = "partial"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatement:
    """A feed and its gaps in the time asked about."""

    feed: Feed
    gaps: tuple[Gap, ...]

    @property
    def is_complete(self) -> bool:
        return not self.gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Of [since, until). `channels` are as they are now, gaps as they were then."""

    since: datetime
    until: datetime
    feeds: tuple[FeedStatement, ...]
    channels: Mapping[str, ChannelSight]

    @property
    def is_complete(self) -> bool:
        """Whether everything that is watched could be seen all the time."""
        return all(item.is_complete for item in self.feeds)


def state_coverage(
    feeds: Sequence[Feed], gaps: Sequence[Gap], *, since: datetime, until: datetime
) -> Statement:
    """Put the gaps that overlap [since, until) beside their feeds, those with gaps first.

    A feed whose source was deleted since is part of it where it had gaps in that time.
    """
    by_feed: dict[str, list[Gap]] = {}
    for gap in gaps:
        if gap.since < until and (gap.until is None or gap.until > since):
            by_feed.setdefault(gap.feed_id, []).append(gap)
    items = [
        FeedStatement(feed=feed, gaps=tuple(by_feed.get(feed.id, ())))
        for feed in feeds
        if feed.id in by_feed or (feed.known_since <= until and feed.gone_at is None)
    ]
    return Statement(
        since=since,
        until=until,
        feeds=tuple(sorted(items, key=lambda item: (item.is_complete, item.feed.id))),
        channels=channel_sights([item.feed for item in items if item.feed.gone_at is None]),
    )


def channel_sights(feeds: Sequence[Feed]) -> dict[str, ChannelSight]:
    """How well each channel is seen now."""
    blind: dict[str, list[bool]] = {}
    for feed in feeds:
        for channel in feed.channels:
            blind.setdefault(channel, []).append(feed.condition.sight in BLIND)
    return {
        channel: ChannelSight.BLIND
        if all(flags)
        else ChannelSight.PARTIAL
        if any(flags)
        else ChannelSight.SEEN
        for channel, flags in sorted(blind.items())
    }
