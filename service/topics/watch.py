"""The job that notices when posts come that no topic fits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog

from nlp.topics import Novelty
from service.clock import Clock
from service.db import Database
from service.db.leases import turn
from service.errors import Conflict
from service.incidents import format_instant
from service.metrics import topics_unfitting
from service.stores import StoreError
from service.topics import repository
from service.topics.model import TopicVersion
from service.topics.mood import TopicReadings

LEASE = "topic_watch"
EVERY = timedelta(hours=1)
WINDOW = timedelta(hours=24)

log = structlog.get_logger(__name__)


class TopicWatch:
    """Looks every hour at the last day of each active version. An alarm is kept with the version;
    it is a hint to fit anew, and pages nobody."""

    name = "topic_watch"

    def __init__(
        self, *, database: Database, clock: Clock, readings: TopicReadings, owner: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._readings = readings
        self._owner = owner
        self._due = clock.now() + EVERY

    async def next_at(self) -> datetime | None:
        return self._due

    async def run(self, now: datetime) -> int:
        """Answers how many versions were looked at."""
        self._due = now + EVERY
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as mine:
            if not mine:
                return 0
            async with self._database.read() as connection:
                active = await repository.active(connection)
            for version in active:
                try:
                    found = await self._readings.novelty(version, since=now - WINDOW, until=now)
                except (StoreError, Conflict) as error:
                    log.warning("topics.not_watched", version=version.number, reason=str(error))
                    continue
                await self._note(version, found, now)
            return len(active)

    async def _note(self, version: TopicVersion, found: Novelty, now: datetime) -> None:
        topics_unfitting.labels(monitor=version.monitor or "").set(found.share)
        if not found.alarm:
            return
        log.warning("topics.new_topic", version=version.number, share=found.share)
        async with self._database.write(quiet=True) as connection:
            await repository.note_alarm(connection, version.number, alarm_of(found, at=now))


def alarm_of(found: Novelty, *, at: datetime) -> dict[str, Any]:
    """The finding as kept and shown."""
    return {
        "at": format_instant(at),
        "posts": found.posts,
        "unfitting": found.unfitting,
        "share": found.share,
        "expected": found.expected,
        "alarm": found.alarm,
        "terms": [{"word": word, "posts": posts} for word, posts in found.terms],
    }
