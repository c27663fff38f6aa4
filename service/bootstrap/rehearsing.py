"""The virtual-time runner of back-tests: stored posts through rules, in a throw-away place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service.backtest import Found, Raise, Recorder, Rehearsal, Rehearse, Sample, Stage
from service.bootstrap.scratch import scratch_folder, scratch_room
from service.bootstrap.watching import Nothing, furnished, play, tick_in
from service.incidents import Incidents, repository
from service.incidents.model import UNCLASSIFIED, Evidence, Incident, Kind, TierChange
from service.monitoring.grouping import TAKING_MAX
from service.stores import StoredPost

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
