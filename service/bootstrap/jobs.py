"""The jobs: the line from stored posts to pages, and the upkeep beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import DeadlineKind
from service.audit import Sealer
from service.bootstrap.books import Books
from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.bootstrap.handing_over import HandingOver
from service.bootstrap.judging import Judging
from service.bootstrap.network import Network
from service.bootstrap.responding import Responding
from service.bootstrap.ruling import Ruling
from service.bootstrap.seeing import targets_of
from service.clock import Clock
from service.db import Database
from service.db.follower import Follower
from service.delivery import (
    ChannelTarget,
    Deliverer,
    Deliveries,
    DeliveryReport,
    Heartbeat,
    Router,
)
from service.drill import DrillPlayer
from service.ingest.backfill import Backfill
from service.jobs import Job
from service.lexicon import LexiconLife
from service.moderation.fading import FadedAccounts
from service.monitoring import (
    Actions,
    Baselines,
    Explaining,
    Gathering,
    MonitoringTick,
    Planner,
    Situations,
)
from service.monitoring.outlook import Outlook
from service.response import timer_kind
from service.timers import LANES, DeadlineAuditor, TimerEngine, TimerHandler
from service.timers.repository import earliest_due
from service.trackers import KIND
from service.trackers import targets_of as tracker_targets
from service.version import VERSION


def line_of(
    ground: Ground,
    *,
    lexicon: LexiconLife,
    models: Follower,
    ruling: Ruling,
    catalogue: Catalogue,
    books: Books,
    responding: Responding,
    judging: Judging,
    network: Network,
    outlook: Outlook,
    further: Mapping[str, TimerHandler],
    drills: DrillPlayer,
    handing_over: HandingOver,
) -> tuple[Job, ...]:
    """In the order of a tick; replay runs them as well, where nobody switches models."""
    owner = ground.settings.worker_id
    channels = partial(_channels, catalogue, handing_over)
    tracker = handing_over.sender if ground.leaving else network.recorder
    return (
        lexicon.follower,
        *(() if ground.virtual else (models,)),
        ruling.follower,
        _tick(ground, catalogue, responding, outlook, ruling),
        drills,
        TimerEngine(
            ground.database,
            clock=ground.clock,
            owner=owner,
            handlers={
                **{timer_kind(kind): responding.responses.deadline_passed for kind in DeadlineKind},
                **judging.review.watch.handlers(),
                **responding.handlers,
                **books.hand_overs.handlers(),
                **books.recurring_planning.handlers(),
                **further,
            },
            concurrency=1 if ground.database.is_sqlite else LANES,
            recheck=ground.recheck,
        ),
        responding.watching,
        Router(
            ground.database,
            clock=ground.clock,
            channels=channels,
            recheck=ground.recheck,
        ),
        Deliverer(
            ground.database,
            clock=ground.clock,
            owner=owner,
            channels=channels,
            senders={**network.senders, KIND: tracker},
            random=ground.chance,
            announce=partial(_announce, responding, handing_over),
            disable=catalogue.channels.switch_off,
            limits_of=network.limits_of,
            concurrency=1 if ground.virtual else 16,
            recheck=ground.recheck,
        ),
        Sealer(ground.database, owner=owner),
    )


def upkeep_of(ground: Ground, *, catalogue: Catalogue, judging: Judging) -> tuple[Job, ...]:
    """Signs of life, watchdogs, back-fills, forgetting: real time only."""
    database, clock = ground.database, ground.clock
    return (
        Heartbeat(
            database,
            worker=ground.settings.worker_id,
            version=VERSION,
            lags=partial(_lags, database, clock),
            clock=clock,
        ),
        DeadlineAuditor(database, clock=clock),
        Backfill(
            database=database,
            clock=clock,
            monitors=catalogue.monitors,
            brands=catalogue.brand_directory,
            store=ground.store,
            owner=ground.settings.worker_id,
        ),
        FadedAccounts(database, clock=clock, accounts=judging.accounts),
    )


def _tick(
    ground: Ground,
    catalogue: Catalogue,
    responding: Responding,
    outlook: Outlook,
    ruling: Ruling,
) -> MonitoringTick:
    situations = Situations(
        store=ground.store,
        baselines=Baselines(ground.store, ground.settings.zone),
        library=lambda: ruling.directory.library,
        outlook=outlook,
    )
    gathering = Gathering(ground.store)
    return MonitoringTick(
        database=ground.database,
        store=ground.store,
        clock=ground.clock,
        directory=catalogue.directory,
        situations=situations,
        planner=Planner(
            situations=situations,
            gathering=gathering,
            tiers=ground.library.tiers,
            outlook=outlook,
            explaining=Explaining(
                store=ground.store,
                gathering=gathering,
                library=lambda: ruling.directory.library,
            ),
        ),
        actions=Actions(responding.incidents),
        owner=ground.settings.worker_id,
        onlookers=(ruling.shadows,),
    )


async def _channels(catalogue: Catalogue, handing_over: HandingOver) -> list[ChannelTarget]:
    """Those of people, the canary's, and those that lead to trackers."""
    return [*await targets_of(catalogue), *tracker_targets(handing_over.trackers)]


async def _announce(
    responding: Responding,
    handing_over: HandingOver,
    connection: AsyncConnection,
    report: DeliveryReport,
) -> None:
    await responding.reach.heard(connection, report)
    await handing_over.sender.settled(connection, report)


async def _lags(database: Database, clock: Clock) -> dict[str, float]:
    """Seconds that pages and deadlines lag behind."""
    now = clock.now()
    async with database.read() as connection:
        backlog = await Deliveries().backlog(connection, now=now)
        earliest = await earliest_due(connection)
    overdue = timedelta(0) if earliest is None else max(timedelta(0), now - earliest)
    return {
        "delivery": backlog.lag.total_seconds(),
        "timers": overdue.total_seconds(),
    }
