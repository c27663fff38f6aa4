"""What coverage promises, and whether it was kept over the last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage import repository, samples
from service.coverage.collection import Collection, missed
from service.coverage.condition import Schedule, Sight
from service.coverage.feed import Feed
from service.coverage.lag import Stage
from service.coverage.percentiles import added, share_within
from service.coverage.repository import FeedHour
from service.coverage.samples import Accuracy

OVER = timedelta(hours=24)
CLEANED_WITHIN = timedelta(hours=2)


class ObjectiveName(StrEnum):
    COLLECTION = "collection"
    """Fetches that were due and ended well."""
    CLEANING = "cleaning"
    """New posts that were stored and analysed within two hours of their fetch."""
    ACCURACY = "accuracy"
    """Sampled records that are stored as they were fetched."""


TARGETS: Mapping[ObjectiveName, float] = {
    ObjectiveName.COLLECTION: 0.999,
    ObjectiveName.CLEANING: 0.99,
    ObjectiveName.ACCURACY: 0.98,
}
FEWEST: Mapping[ObjectiveName, int] = {
    ObjectiveName.COLLECTION: 1_000,
    ObjectiveName.CLEANING: 1,
    ObjectiveName.ACCURACY: 20,
}
"""Below so many cases a share says nothing, and nothing is missed: of a hundred pulls one that
failed would be ten times what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """`share` of `cases` reached it; None where there was no case. `missed` is the alarm."""

    name: ObjectiveName
    target: float
    share: float | None
    cases: int

    @property
    def missed(self) -> bool:
        return (
            self.share is not None and self.cases >= FEWEST[self.name] and self.share < self.target
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The objectives over all feeds, and the collection of each that is pulled."""

    objectives: tuple[Objective, ...]
    collection: Mapping[str, Collection]
    accuracy: Accuracy


async def standing(
    connection: AsyncConnection,
    *,
    feeds: Sequence[Feed],
    schedules: Mapping[str, Schedule],
    now: datetime,
) -> Standing:
    """Measure the last day; record accuracy over the days that samples are kept."""
    hours = await repository.hours_since(connection, now - OVER)
    accuracy = await samples.accuracy(connection, now - samples.KEPT)
    return assess(hours, feeds=feeds, schedules=schedules, accuracy=accuracy, now=now)


def assess(
    hours: Sequence[FeedHour],
    *,
    feeds: Sequence[Feed],
    schedules: Mapping[str, Schedule],
    accuracy: Accuracy,
    now: datetime,
) -> Standing:
    """The objectives over the given hours; a feed that nobody pulls now misses what is due."""
    collection = {
        feed.id: _collection(feed, hours, schedules.get(feed.id), now)
        for feed in feeds
        if not feed.pushed and feed.condition.sight is not Sight.PAUSED
    }
    cleaning = added(*(hour.lags.get(Stage.CLEANED.value, {}) for hour in hours))
    due = sum(item.due for item in collection.values())
    collected = sum(item.collected for item in collection.values())
    shares = {
        ObjectiveName.COLLECTION: (collected / due if due else None, due),
        ObjectiveName.CLEANING: (
            share_within(cleaning, CLEANED_WITHIN.total_seconds()),
            sum(cleaning.values()),
        ),
        ObjectiveName.ACCURACY: (accuracy.share, accuracy.checked),
    }
    return Standing(
        objectives=tuple(
            Objective(name=name, target=TARGETS[name], share=shares[name][0], cases=shares[name][1])
            for name in ObjectiveName
        ),
        collection=collection,
        accuracy=accuracy,
    )


def _collection(
    feed: Feed, hours: Sequence[FeedHour], schedule: Schedule | None, now: datetime
) -> Collection:
    mine = [hour for hour in hours if hour.feed_id == feed.id]
    waiting = 0
    if schedule is not None and schedule.enabled:
        last = feed.last_pull_at or feed.known_since
        waiting = missed(max(last, schedule.since, now - OVER), now, schedule.interval)
    return Collection(
        due=sum(hour.due for hour in mine) + waiting,
        collected=sum(hour.collected for hour in mine),
    )
