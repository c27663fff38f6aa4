"""The inspection: a job that checks samples and says which objectives are missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from service.clock import Clock
from service.coverage import objectives, repository, samples
from service.coverage.objectives import Objective, ObjectiveName
from service.coverage.watch import Schedules
from service.db import Database
from service.metrics import objective_missed, objective_share
from service.stores import PostStore

EVERY = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class CoverageInspection:
    """Every five minutes. Several processes may do it: checking twice comes to the same."""

    name = "coverage_inspection"

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, schedules: Schedules
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._schedules = schedules
        self._next: datetime | None = None
        self._missed: set[ObjectiveName] = set()

    async def next_at(self) -> datetime | None:
        return self._next or self._clock.now()

    async def run(self, now: datetime) -> int:
        """Compare the samples that are due; answers how many."""
        self._next = now + EVERY
        async with self._database.read() as connection:
            due = await samples.unchecked(connection, now=now)
        if due:
            found = await samples.compare(self._store, due)
            async with self._database.write(quiet=True) as connection:
                await samples.settle(connection, found, now=now)
        schedules = await self._schedules()
        async with self._database.read() as connection:
            feeds = await repository.feeds(connection)
            standing = await objectives.standing(
                connection, feeds=feeds, schedules=schedules, now=now
            )
        for objective in standing.objectives:
            self._tell(objective)
        return len(due)

    def _tell(self, objective: Objective) -> None:
        name = objective.name
        objective_missed.labels(objective=name.value).set(int(objective.missed))
        if objective.share is not None:
            objective_share.labels(objective=name.value).set(objective.share)
        if objective.missed and name not in self._missed:
            log.error(
                "coverage.objective_missed",
                objective=name.value,
                share=objective.share,
                target=objective.target,
                cases=objective.cases,
            )
        if objective.missed:
            self._missed.add(name)
        else:
            self._missed.discard(name)
