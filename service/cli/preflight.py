"""Whether the configured sources can be built, and whether sites accept our keys."""

from __future__ import annotations

from datetime import timedelta

from service.bootstrap.preflight import SourceRoom, open_sources
from service.cli.seen import Finding
from service.cli.source_trial import why_not
from service.clock import Clock, SystemClock
from service.db import Database
from service.errors import ServiceError
from service.ingest.trial import try_source
from service.monitors import SourceConfig
from service.oncall.fallback import fallback_problem
from service.settings import Settings

PATIENCE = timedelta(seconds=20)


async def preflight(
    settings: Settings, database: Database, *, offline: bool, clock: Clock | None = None
) -> list[Finding]:
    """A finding for each enabled source that cannot be built, and for each one that has secrets.

    A site that cannot be reached is told of, and is no problem of the key.
    """
    clock = clock or SystemClock()
    found = []
    try:
        async with open_sources(settings, database, clock=clock) as room:
            built, broken = await room.sources.build_enabled()
            for name, reason in sorted(broken.items()):
                found.append(Finding(f"settings of source {name}", reason))
            if offline:
                return found
            keyed = [
                item
                for item in await room.sources.every(enabled_only=True)
                if item.id in built and item.secret_names
            ]
            found += [await _sign_in(room, item, clock) for item in keyed]
    except ServiceError as error:
        found.append(Finding("keys of the sources", error.detail))
    return found


async def last_resort(settings: Settings, database: Database) -> Finding:
    """Whether FENGSUI_FALLBACK_CHANNEL names a channel that takes messages."""
    name = settings.fallback_channel
    async with database.read() as connection:
        problem = await fallback_problem(connection, name)
    return Finding(
        f"channel of last resort {name}", problem and f"FENGSUI_FALLBACK_CHANNEL: {problem}"
    )


async def _sign_in(room: SourceRoom, item: SourceConfig, clock: Clock) -> Finding:
    source = await room.sources.build(item.id)
    known = await room.checkpoints.load(item.id)
    trial = await try_source(
        source,
        room.fetcher,
        monotonic=clock.monotonic,
        cursor=None if known is None else known.cursor,
        patience=PATIENCE,
    )
    name = f"sign-in of source {item.id}: {trial.outcome.value}"
    if trial.is_good:
        return Finding(name, None)
    if not trial.refused:
        return Finding(f"{name}, so its keys were not tried ({why_not(trial)})", None)
    keys = ", ".join(item.secret_names)
    return Finding(
        name, f"{why_not(trial)}; give {keys} anew: `fengsui source add {item.id} … --secret KEY`"
    )
