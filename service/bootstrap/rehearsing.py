"""The virtual-time runner of back-tests and drills: stored posts through rules, in scratch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service.auth import SYSTEM, KeyRing
from service.backtest import Found, Raise, Recorder, Rehearsal, Rehearse, Sample, Stage
from service.bootstrap.ground import open_database, open_store, prepare
from service.bootstrap.scratch import scratch_folder, scratch_room
from service.clock import VirtualClock
from service.db import Database
from service.incidents import Incidents, repository
from service.incidents.lifecycle import Transition
from service.incidents.model import UNCLASSIFIED, Evidence, Incident, Kind, TierChange
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
_SAMPLES = 3


def rehearser(data_dir: Path) -> Rehearse:
    """Rehearses in a folder among the data."""

    async def rehearse(
        posts: Sequence[StoredPost],
        stage: Stage,
        library: Library,
        *,
        taped: bool,
        tell: Callable[[int, int], None],
    ) -> Rehearsal:
        with scratch_folder(scratch_room(data_dir)) as folder:
            return await _rehearsed(folder, posts, stage, library, taped=taped, tell=tell)

    return rehearse


async def _rehearsed(
    folder: Path,
    posts: Sequence[StoredPost],
    stage: Stage,
    library: Library,
    *,
    taped: bool,
    tell: Callable[[int, int], None],
) -> Rehearsal:
    """Every post goes in when it was published, as a replay does it; nothing is analysed.

    Nobody is paged and no step is dated: only what rules open and raise is looked at.
    """
    async with furnished(folder, posts, stage) as room:
        tape = Recorder(library)
        incidents = Incidents(reactions=Nothing(), public_url=room.settings.public_url)
        tick = tick_in(room, library, incidents, onlookers=(tape,) if taped else ())
        await play(room, posts, tick, tell=tell)
        async with room.database.read() as connection:
            found = await _incidents(connection, since=stage.since)
    return Rehearsal(library=library, incidents=found, looks=tuple(tape.looks))


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
        await prepare(database, store)
        await set_up(database, clock, stage)
        yield Room(settings=settings, clock=clock, database=database, store=store)
    finally:
        await store.close()
        await database.close()


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


async def _incidents(connection: AsyncConnection, *, since: datetime) -> tuple[Found, ...]:
    wanted = repository.IncidentFilter(kinds=(Kind.CRISIS,), opened_since=since)
    rows = await repository.newest(connection, wanted, before=None, limit=100_000)
    found = [await _found(connection, incident) for incident in rows]
    return tuple(sorted(found, key=lambda item: (item.opened_at, item.monitor, item.scenario)))


async def _found(connection: AsyncConnection, incident: Incident) -> Found:
    tiers = await repository.tier_history(connection, incident.id)
    evidence = await repository.evidence_of(connection, incident.id)
    return Found(
        monitor=incident.monitor_id,
        scenario=incident.scenario or UNCLASSIFIED,
        opened_at=incident.opened_at,
        first_post_at=incident.first_post_at,
        ended_at=incident.taking_ended_at or incident.opened_at + TAKING_MAX,
        tiers=tuple(_raise(change) for change in tiers),
        posts=incident.posts,
        evidence=tuple(item.post_id for item in evidence),
        samples=tuple(
            Sample(
                post_id=item.post_id,
                source=item.snapshot["source"],
                published_at=item.snapshot["published_at"],
                text=item.snapshot["text"],
            )
            for item in sorted(evidence, key=_telling)[:_SAMPLES]
        ),
    )


def _telling(item: Evidence) -> tuple[bool, int, str]:
    """What says most of an incident first: negative posts, the gravest, the earliest."""
    shot = item.snapshot
    return shot["sentiment"] != "negative", -shot["severity"], shot["published_at"]


def _raise(change: TierChange) -> Raise:
    rules = tuple(dict.fromkeys(name for item in change.reasons for name in item.get("rules", ())))
    return Raise(tier=change.tier, at=change.at, rules=rules, reasons=change.reasons)
