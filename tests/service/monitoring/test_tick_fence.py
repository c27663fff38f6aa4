"""A worker that slept through its turn at ticking must not act when it wakes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from service.bootstrap import Container, build
from service.db.leases import acquire
from service.db.tables import lease
from service.monitoring import MonitoringTick
from service.monitoring.tick import LEASE, LEASE_FOR
from service.settings import load_settings
from tests.support.clock import SteppingClock
from tests.support.database import postgres_of_its_own, postgres_url
from tests.support.watch_scene import HURT, WatchScene, add_watch

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="a SQLite file has one worker"),
]


async def worker(name: str, url: str, folder: Path, clock: SteppingClock) -> Container:
    """One of those that share the databases."""
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_DATABASE_URL": url,
            "FENGSUI_SECRET_KEY": "fenced-" * 6,
            "FENGSUI_WORKER_ID": name,
        }
    )
    return await build(settings, clock=clock, virtual=True, random=lambda: 0.5)


def tick_of(container: Container) -> MonitoringTick:
    (tick,) = [job for job in container.line if isinstance(job, MonitoringTick)]
    return tick


async def waits_for_a_row(connection: AsyncConnection, task: asyncio.Task[int]) -> None:
    """Until the work is stopped by a lock that this connection has, or has ended without one."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    # Another connection waits: the server is all there is to ask.
    while not await connection.scalar(waiting) and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_who_wakes_after_the_lease_leaves_it_to_the_one_that_has_it(
    tmp_path: Path, clock: SteppingClock
) -> None:
    async with postgres_of_its_own() as url:
        sleeper = await worker("sleeper", url, tmp_path, clock)
        other = await worker("other", url, tmp_path, clock)
        try:
            await add_watch(sleeper, brand=True)
            watch = WatchScene(other, clock)
            assert await tick_of(sleeper).run(clock.now()) == 0
            await watch.arrive([watch.post(clock.now(), HURT)])
            with capture_logs() as logged:
                async with other.database.write() as connection:
                    held = select(lease).where(lease.c.name == LEASE).with_for_update()
                    await connection.execute(held)
                    # It has looked, knows what to open, and sleeps on the way to doing it.
                    tick = asyncio.create_task(tick_of(sleeper).run(clock.now()))
                    await waits_for_a_row(connection, tick)
                    later = clock.step(seconds=LEASE_FOR.total_seconds() + 1)
                    taken = await acquire(
                        connection, LEASE, owner="other", now=later, ttl=LEASE_FOR
                    )
                await tick
            assert taken == 2
            assert await watch.incidents() == []
            assert "tick.lease_lost" in {entry["event"] for entry in logged}

            assert await tick_of(other).run(clock.now()) == 1
            assert (await watch.only()).posts == 1
            assert await tick_of(sleeper).run(clock.now()) == 0
        finally:
            await sleeper.close()
            await other.close()
