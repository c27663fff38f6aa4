"""A throw-away installation that only watches: posts go in at their time, rules open incidents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service.auth import SYSTEM, KeyRing
from service.backtest import Recorder, Stage
from service.bootstrap.ground import open_database, open_store, prepare
from service.clock import VirtualClock
from service.db import Database
from service.incidents import Incidents
from service.incidents.lifecycle import Transition
from service.incidents.model import Incident
from service.jobs import advance
from service.monitoring import (
    Actions,
    Baselines,
    Explaining,
    Gathering,
    MonitoringTick,
    Planner,
    Situations,
)
from service.monitoring.grouping import TAKING_MAX
from service.monitors import BrandDraft, Brands, MonitorDirectory, MonitorDraft, Monitors
from service.settings import Settings, load_settings
from service.stores import PostStore, StoredPost

_SPAN = timedelta(seconds=60)
_BATCH = 500
_TAIL = TAKING_MAX + timedelta(hours=1)
"""After the last post nothing opens; an incident stops taking within a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A throw-away installation that only watches."""

    settings: Settings
    clock: VirtualClock
    database: Database
    store: PostStore


@asynccontextmanager
async def furnished(folder: Path, posts: Sequence[StoredPost], stage: Stage) -> AsyncIterator[Room]:
    """One in that folder, at the first post, with the brands and monitors of the stage."""
    settings = scratch_settings(folder, zone=stage.zone.key)
    clock = VirtualClock(posts[0].published_at)
    database, store = open_database(settings, virtual=True), open_store(settings, virtual=True)
    try:
        await prepare(database, store, virtual=True)
        await set_up(database, clock, stage)
        yield Room(settings=settings, clock=clock, database=database, store=store)
    finally:
        await store.close()
        await database.close()


def scratch_settings(folder: Path, *, zone: str) -> Settings:
    """Settings of a throw-away installation, whatever the environment says."""
    return load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "backtest-" * 4,
            "FENGSUI_WORKER_ID": "backtest",
            "FENGSUI_TIMEZONE": zone,
        }
    )


async def set_up(database: Database, clock: VirtualClock, stage: Stage) -> None:
    """The brands and monitors of the stage, in a new installation."""
    keyring = KeyRing.from_secret("backtest-" * 4)
    brands, monitors = Brands(database, clock, keyring), Monitors(database, clock, keyring)
    for brand in stage.brands:
        await brands.put(
            SYSTEM,
            BrandDraft(id=brand.id, name=brand.name, kind=brand.kind, aliases=brand.aliases),
        )
    for monitor in stage.monitors:
        await monitors.put(
            SYSTEM,
            MonitorDraft(
                id=monitor.id,
                name=monitor.name,
                query=monitor.query,
                brand_id=monitor.brand_id,
            ),
        )


async def play(
    room: Room,
    posts: Sequence[StoredPost],
    tick: MonitoringTick,
    *,
    tell: Callable[[int, int], None],
) -> None:
    """Every post goes in at its time, and the tick runs when it is due, until nothing can open."""
    done = 0
    for batch in _batches(posts):
        await advance(room.clock, (tick,), batch[-1].published_at)
        now = room.clock.now()
        await room.store.upsert([_fresh(post, now) for post in batch])
        done += len(batch)
        tell(done, len(posts))
    await advance(room.clock, (tick,), posts[-1].published_at + _TAIL)


class Nothing:
    """Reactions to incidents that nobody answers."""

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None:
        return

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        return

    async def scenario_named(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        return

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None:
        return

    async def contained(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        return


def tick_in(
    room: Room,
    library: Library,
    incidents: Incidents,
    *,
    onlookers: Sequence[Recorder] = (),
    explained: bool = False,
) -> MonitoringTick:
    """The tick over that room; `explained` also says why, as the real one does, and costs time."""
    store = room.store
    situations = Situations(
        store=store, baselines=Baselines(store, room.settings.zone), library=lambda: library
    )
    gathering = Gathering(store)
    explaining = None
    if explained:
        explaining = Explaining(store=store, gathering=gathering, library=lambda: library)
    keyring = KeyRing.from_secret("backtest-" * 4)
    return MonitoringTick(
        database=room.database,
        store=store,
        clock=room.clock,
        directory=MonitorDirectory(room.database, Monitors(room.database, room.clock, keyring)),
        situations=situations,
        planner=Planner(
            situations=situations,
            gathering=gathering,
            tiers=library.tiers,
            explaining=explaining,
        ),
        actions=Actions(incidents),
        owner=room.settings.worker_id,
        onlookers=onlookers,
        observe=_unmeasured,
    )


def _unmeasured(seconds: float) -> None:
    """What a rehearsal takes is no figure of the installation."""


def _batches(posts: Sequence[StoredPost]) -> Iterator[Sequence[StoredPost]]:
    """What a minute of crawling brings: runs of at most a minute from first to last."""
    batch: list[StoredPost] = []
    for post in posts:
        full = len(batch) >= _BATCH and post.published_at > batch[-1].published_at
        if batch and (full or post.published_at - batch[0].published_at >= _SPAN):
            yield batch
            batch = []
        batch.append(post)
    if batch:
        yield batch


def _fresh(post: StoredPost, now: datetime) -> StoredPost:
    """The post as if it had come just now, the first time.

    What was counted at it since is not known yet: a rule must not see the likes of next week.
    """
    return replace(
        post,
        fetched_at=now,
        stored_at=now,
        version=1,
        deleted_at=None,
        reposts=None,
        comments=None,
        likes=None,
        views=None,
    )
