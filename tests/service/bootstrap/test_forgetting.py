"""What forgets is among the jobs that serve and work run, and does what the settings say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.bootstrap import Container, build
from service.jobs import Job, advance
from service.retention import request_erasure
from service.settings import load_settings
from service.stores import PostQuery
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post

NAMES = {"posts.retain", "authors.erase", "state.prune"}
AUTHOR = "au_0123456789abcdef0123"


async def opened(folder: Path, clock: SteppingClock, **variables: str) -> Container:
    environ = {"FENGSUI_DATA_DIR": str(folder), "FENGSUI_ENCODER": "lexical", **variables}
    return await build(load_settings(environ), clock=clock, virtual=True)


@pytest.fixture
async def container(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[Container]:
    """Posts are kept for 30 days."""
    made = await opened(tmp_path, clock, FENGSUI_RETENTION_DAYS="30")
    await made.store.upsert(
        [stored_post(1, author=AUTHOR, published_at=START, fetched_at=START, stored_at=START)]
    )
    yield made
    await made.close()


def forgetting(container: Container) -> list[Job]:
    return [job for job in container.upkeep if job.name in NAMES]


async def test_every_one_of_them_is_run(container: Container) -> None:
    assert {job.name for job in forgetting(container)} == NAMES
    assert not {job.name for job in container.line} & NAMES, "a replay keeps what it has read"


async def test_posts_go_after_the_days_of_the_setting(
    container: Container, clock: SteppingClock
) -> None:
    # The other two look every minute: a month of that is a minute of the machine's time.
    retaining = [job for job in forgetting(container) if job.name == "posts.retain"]
    await advance(clock, retaining, START + timedelta(days=30) - timedelta(minutes=1))
    assert await container.store.count(PostQuery()) == 1
    await advance(clock, forgetting(container), START + timedelta(days=30))
    assert await container.store.count(PostQuery()) == 1
    await advance(clock, retaining, START + timedelta(days=31) - timedelta(minutes=1))
    await advance(clock, forgetting(container), START + timedelta(days=31))
    assert await container.store.count(PostQuery()) == 0


async def test_an_erasure_that_was_asked_for_is_done(
    container: Container, clock: SteppingClock
) -> None:
    async with container.database.write() as connection:
        await request_erasure(connection, AUTHOR, actor="usr_lin", reason="asked", at=START)
    await advance(clock, forgetting(container), START + timedelta(minutes=1))
    assert await container.store.count(PostQuery()) == 0


async def test_without_the_setting_posts_stay(tmp_path: Path, clock: SteppingClock) -> None:
    container = await opened(tmp_path / "kept", clock)
    try:
        (job,) = [job for job in container.upkeep if job.name == "posts.retain"]
        assert await job.next_at() is None
    finally:
        await container.close()
