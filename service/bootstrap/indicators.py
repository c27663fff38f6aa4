"""Indicators over posts, incidents, steps and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nlp.causes import load_causes
from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.db import Database
from service.indicators import (
    AuthorBook,
    Changes,
    Funnels,
    IndicatorBoard,
    IndicatorWatch,
    Needs,
    Rhythms,
    Surroundings,
    ThresholdDesk,
    VoiceBook,
)
from service.indicators.causes import Causes, CrossTables
from service.indicators.outlook import Outlooks, Staffing
from service.jobs import Job
from service.series import SeriesBook
from service.topics import repository as topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """`jobs` are upkeep: real time only."""

    board: IndicatorBoard
    changes: Changes
    desk: ThresholdDesk
    authors: AuthorBook
    causes: Causes
    crossed: CrossTables
    needs: Needs
    outlooks: Outlooks
    rhythms: Rhythms
    funnels: Funnels
    voices: VoiceBook
    jobs: tuple[Job, ...]


def open_indicators(ground: Ground, catalogue: Catalogue) -> Indicators:
    """The indicators over both databases."""
    database, store, clock = ground.database, ground.store, ground.clock
    settings, finder = ground.settings, load_causes()
    surroundings = Surroundings(
        monitors=catalogue.monitors,
        brands=catalogue.brands,
        active_topics=partial(_active_topics, database),
    )
    board = IndicatorBoard(
        database=database,
        store=store,
        clock=clock,
        zone=settings.zone,
        surroundings=surroundings,
    )
    watch = IndicatorWatch(
        database=database,
        clock=clock,
        board=board,
        surroundings=surroundings,
        owner=settings.worker_id,
    )
    return Indicators(
        board=board,
        changes=Changes(store=store, surroundings=surroundings),
        desk=ThresholdDesk(database=database, clock=clock, surroundings=surroundings),
        authors=AuthorBook(store=store, surroundings=surroundings, zone=settings.zone),
        causes=Causes(store=store, surroundings=surroundings, finder=finder),
        crossed=CrossTables(
            store=store,
            series=SeriesBook(database, clock),
            surroundings=surroundings,
            finder=finder,
            zone=settings.zone,
        ),
        needs=Needs(store=store, surroundings=surroundings, finder=finder, zone=settings.zone),
        outlooks=Outlooks(
            store=store,
            surroundings=surroundings,
            clock=clock,
            zone=settings.zone,
            staffing=Staffing(
                minutes=settings.staffing_minutes,
                shift_h=settings.staffing_shift_h,
                busy=settings.staffing_busy_share,
            ),
        ),
        rhythms=Rhythms(store=store, surroundings=surroundings, zone=settings.zone),
        funnels=Funnels(database=database, store=store, surroundings=surroundings),
        voices=VoiceBook(store=store, surroundings=surroundings),
        jobs=(watch,),
    )


async def _active_topics(database: Database, monitor: str) -> str | None:
    """The version of the monitor's own, else that of all posts."""
    async with database.read() as connection:
        active = {item.monitor: item.number for item in await topics.active(connection)}
    number = active.get(monitor, active.get(None))
    return None if number is None else str(number)
