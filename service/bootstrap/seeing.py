"""How well the feeds are seen: what counts, what watches, and the canary that tries the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.bootstrap.responding import Responding
from service.coverage import Coverage, CoverageInspection, CoverageWatch, FeedJournal
from service.delivery import ChannelTarget
from service.ingest.canary import CanarySource
from service.ingest.crawl import schedules_of
from service.ingest.gate import paused
from service.jobs import Job
from service.monitoring import Baselines, Situations
from service.monitoring.canary import TARGET, CanaryWatch
from service.monitoring.lost_sources import LostSources
from service.monitoring.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeing:
    """`watch` opens and ends coverage incidents: replay runs it too, up to the last post. `upkeep`
    is for real time; `canary` is None where nothing leaves the process, or settings say so."""

    journal: FeedJournal
    coverage: Coverage
    watch: CoverageWatch
    outlook: Outlook
    upkeep: tuple[Job, ...]
    canary: CanarySource | None


def open_seeing(ground: Ground, *, catalogue: Catalogue, responding: Responding) -> Seeing:
    """Coverage over the state database and the post store."""
    database, store, clock = ground.database, ground.store, ground.clock
    schedules = partial(schedules_of, catalogue.sources)
    watch = CoverageWatch(
        database=database,
        clock=clock,
        schedules=schedules,
        checkpoints=catalogue.checkpoints,
        alarms=LostSources(incidents=responding.incidents, tiers=ground.library.tiers.ids),
        zone=ground.settings.zone,
        owner=ground.settings.worker_id,
        recorded=ground.virtual,
        shut_since=None if ground.virtual else partial(_shut_since, ground),
    )
    inspection = CoverageInspection(
        database=database, store=store, clock=clock, schedules=schedules
    )
    flies = ground.leaving and ground.settings.canary
    situations = Situations(
        store=store,
        baselines=Baselines(store, ground.settings.zone),
        library=lambda: ground.library,
    )
    canary_watch = CanaryWatch(database=database, store=store, clock=clock, situations=situations)
    return Seeing(
        journal=FeedJournal(database),
        coverage=Coverage(database=database, store=store, clock=clock, schedules=schedules),
        watch=watch,
        outlook=Outlook(database=database, store=store),
        upkeep=(watch, inspection, canary_watch) if flies else (watch, inspection),
        canary=CanarySource(clock.now) if flies else None,
    )


async def _shut_since(ground: Ground) -> datetime | None:
    """Since when the gate before the post store is shut."""
    pause = await paused(ground.database, now=ground.clock.now())
    return None if pause is None else pause.since


async def targets_of(catalogue: Catalogue) -> list[ChannelTarget]:
    """The channels that people made, and the hidden one at the end of the canary's way."""
    return [*await catalogue.channels.targets(), TARGET]
