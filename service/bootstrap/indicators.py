"""Indicators over posts, incidents, steps and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.db import Database
from service.indicators import (
    Changes,
    IndicatorBoard,
    IndicatorWatch,
    Surroundings,
    ThresholdDesk,
)
from service.jobs import Job
from service.topics import repository as topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """`jobs` are upkeep: real time only."""

    board: IndicatorBoard
    changes: Changes
    desk: ThresholdDesk
    jobs: tuple[Job, ...]


def open_indicators(ground: Ground, catalogue: Catalogue) -> Indicators:
    """The indicators over both databases."""
    database, store, clock = ground.database, ground.store, ground.clock
    surroundings = Surroundings(
        monitors=catalogue.monitors,
        brands=catalogue.brands,
        active_topics=partial(_active_topics, database),
    )
    board = IndicatorBoard(
        database=database,
        store=store,
        clock=clock,
        zone=ground.settings.zone,
        surroundings=surroundings,
    )
    watch = IndicatorWatch(
        database=database,
        clock=clock,
        board=board,
        surroundings=surroundings,
        owner=ground.settings.worker_id,
    )
    return Indicators(
        board=board,
        changes=Changes(store=store, surroundings=surroundings),
        desk=ThresholdDesk(database=database, clock=clock, surroundings=surroundings),
        jobs=(watch,),
    )


async def _active_topics(database: Database, monitor: str) -> str | None:
    """The version of the monitor's own, else that of all posts."""
    async with database.read() as connection:
        active = {item.monitor: item.number for item in await topics.active(connection)}
    number = active.get(monitor, active.get(None))
    return None if number is None else str(number)
