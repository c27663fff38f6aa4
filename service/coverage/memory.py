"""What the watch keeps in memory: the hours of each feed, and the models learnt from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import repository
from service.coverage.arrivals import HOUR, ArrivalModel, HourCount, learn
from service.coverage.condition import Sight
from service.coverage.feed import Feed, Gap
from service.coverage.silence import NO_MODEL, Silence, assess_silence

SPAN = timedelta(weeks=8)
"""Long enough for eight of each hour of the week, short enough to follow a feed's growth."""
LEARN_EVERY = timedelta(days=1)
LOW_FOR = timedelta(days=7)
"""Quiet that has lasted so long is how the feed is now, and is learnt."""
BRIEF = timedelta(minutes=15)
"""Shorter gaps hide too few posts to spoil the windows they lie in."""


class ArrivalMemory:
    """Reads the hours once, then only those that may have changed."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._counts: dict[str, dict[datetime, int]] = {}
        self._read_until: datetime | None = None
        self._models: dict[str, tuple[datetime, ArrivalModel | None]] = {}
        self._judged: dict[str, tuple[object, Silence]] = {}
        self._seen_again: dict[str, datetime] = {}

    async def refresh(self, connection: AsyncConnection, *, now: datetime) -> None:
        """Read what was counted since the last time."""
        current = _hour(now)
        since = current - SPAN if self._read_until is None else self._read_until - HOUR
        for feed_id, hour, posts in await repository.post_counts(connection, since):
            self._counts.setdefault(feed_id, {})[hour] = posts
        self._read_until = current
        for counts in self._counts.values():
            for hour in [hour for hour in counts if hour < current - SPAN]:
                del counts[hour]

    def is_learning_due(self, feeds: Sequence[Feed], *, now: datetime) -> bool:
        """Whether `silence` will learn the model of any of them anew, and needs the gaps."""
        return any(self._model_of(feed, now) is None for feed in feeds)

    def end_gap(self, feed_id: str, sight: Sight, *, since: datetime, until: datetime) -> None:
        """Only what comes after a gap is judged. A quiet spell is none: then the feed was read."""
        if sight not in (Sight.QUIET, Sight.PARTIAL) and until - since >= BRIEF:
            self._seen_again[feed_id] = max(until, self._seen_again.get(feed_id, until))

    def silence(
        self, feed: Feed, gaps: Sequence[Gap], *, since: datetime | None = None, now: datetime
    ) -> Silence:
        """Whether the feed is suspiciously quiet, of what was seen from `since` on.

        `gaps` are those of the last weeks; where no learning is due they are not looked at.
        """
        model = self._model(feed, gaps, now=now)
        if model is None:
            return NO_MODEL
        starts = [at for at in (since, self._seen_again.get(feed.id)) if at is not None]
        since = max(starts, default=None)
        counts = self._counts.get(feed.id, {})
        current = _hour(now)
        # Within the hour a judgement changes with what arrives in it, and with nothing else.
        key = (current, counts.get(current), counts.get(current - HOUR), id(model), since)
        known = self._judged.get(feed.id)
        if known is None or known[0] != key:
            judged = assess_silence(model, counts, now=now, since=since)
            known = self._judged[feed.id] = (key, judged)
        return known[1]

    def posts(self, *, since: datetime) -> Mapping[str, int]:
        """Posts by feed in the hours from `since` on."""
        return {
            feed_id: sum(posts for hour, posts in counts.items() if hour >= since)
            for feed_id, counts in self._counts.items()
        }

    def _model_of(self, feed: Feed, now: datetime) -> tuple[datetime, ArrivalModel | None] | None:
        """When and what was learnt of a feed, while it holds."""
        known = self._models.get(feed.id)
        return known if known is not None and now - known[0] < LEARN_EVERY else None

    def _model(self, feed: Feed, gaps: Sequence[Gap], *, now: datetime) -> ArrivalModel | None:
        known = self._model_of(feed, now)
        if known is not None:
            return known[1]
        for gap in gaps:
            if gap.feed_id == feed.id and gap.until is not None:
                self.end_gap(feed.id, gap.sight, since=gap.since, until=gap.until)
        blind = [gap for gap in gaps if gap.feed_id == feed.id and not _is_learnt(gap, now)]
        model = learn(self._seen_hours(feed, blind, now=now), self._zone)
        self._models[feed.id] = (now, model)
        return model

    def _seen_hours(self, feed: Feed, gaps: Sequence[Gap], *, now: datetime) -> list[HourCount]:
        """Closed hours in which the feed could be seen from end to end, silent ones included."""
        current = _hour(now)
        start = max(_hour(feed.known_since) + HOUR, current - SPAN)
        counts = self._counts.get(feed.id, {})
        hours = [start + number * HOUR for number in range(max(0, int((current - start) / HOUR)))]
        return [
            HourCount(hour, counts.get(hour, 0))
            for hour in hours
            if not any(gap.since < hour + HOUR and (gap.until or now) > hour for gap in gaps)
        ]


def _is_learnt(gap: Gap, now: datetime) -> bool:
    """Whether its hours count: of a feed that passed posts by, what came is still how it is."""
    if gap.sight is Sight.PARTIAL:
        return True
    return gap.sight is Sight.QUIET and (gap.until or now) - gap.since > LOW_FOR


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
