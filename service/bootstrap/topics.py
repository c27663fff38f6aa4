"""What posts are about: fits, the active versions, the questions asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.db import Database
from service.jobs import Job
from service.stories.repository import homes
from service.topics import FitRunner, TopicDesk, TopicFits, TopicMarks, TopicReadings, TopicWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """`jobs` are upkeep: real time only."""

    desk: TopicDesk
    readings: TopicReadings
    runner: FitRunner
    marks: TopicMarks
    jobs: tuple[Job, ...]


def open_topics(ground: Ground, catalogue: Catalogue) -> Topics:
    """The topics over both databases."""
    database, store, clock = ground.database, ground.store, ground.clock
    owner = ground.settings.worker_id
    runner = FitRunner(database=database, store=store, clock=clock, homes=partial(_homes, database))
    readings = TopicReadings(database=database, store=store)
    return Topics(
        desk=TopicDesk(database=database, clock=clock, monitors=catalogue.monitors),
        readings=readings,
        runner=runner,
        marks=TopicMarks(database),
        jobs=(
            TopicFits(database=database, clock=clock, runner=runner, owner=owner),
            TopicWatch(database=database, clock=clock, readings=readings, owner=owner),
        ),
    )


async def _homes(database: Database, post_ids: Sequence[str]) -> Mapping[str, str]:
    """The stories of posts."""
    async with database.read() as connection:
        return await homes(connection, post_ids)
