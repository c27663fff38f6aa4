"""What the console is measured on: people with sessions, a long queue, one large incident."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bench.store import synthetic_posts
from nlp.text.search_tokens import search_phrases
from playbooks import load_library
from service.auth import SYSTEM, Passwords, Role, Sessions, Users
from service.auth.account import change
from service.clock import SystemClock
from service.db import Database
from service.ids import stable_id
from service.incidents import Evidence, Incidents, Kind, Opening
from service.response import Effects, Responses
from service.stores.post_store import StoredPost
from service.stores.sqlite import SqlitePostStore
from service.timers import Timers
from service.timers.repository import earliest_due

BURNING = "brand_0"
"""The monitor of the large incident."""
_URL = "http://127.0.0.1"
_BATCH = 500
_SETTLED = timedelta(seconds=3)
_FROZEN = 100
"""Posts that the service freezes at most."""


@asynccontextmanager
async def state(folder: Path) -> AsyncIterator[Database]:
    """The state database of a server's data folder."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'state.db'}")
    try:
        yield database
    finally:
        await database.close()


async def sessions(folder: Path, *, count: int) -> tuple[str, ...]:
    """Tokens of so many leads who have signed in."""
    clock, passwords, tokens = SystemClock(), Passwords(), []
    day = timedelta(days=1)
    async with state(folder) as database:
        users = Users(database, clock, passwords)
        started = Sessions(database, clock, idle=day, absolute=day)
        for number in range(count):
            made = await users.create(SYSTEM, name=f"lead.{number}", roles=[Role.LEAD])
            user = replace(made.user, must_change_password=False)
            await _settle(database, user.id)
            tokens.append(await started.start(user))
    return tuple(tokens)


async def _settle(database: Database, user_id: str) -> None:
    """Say that somebody has chosen a password of their own."""
    async with database.write() as connection:
        await change(connection, user_id, must_change_password=False)


def _incidents() -> Incidents:
    effects = Effects(timers=Timers(), public_url=_URL)
    responses = Responses(library=load_library(), effects=effects)
    return Incidents(reactions=responses, public_url=_URL)


def _opening(
    *, number: int, tier: int, scenario: str, monitor: str, posts: int, now: datetime
) -> Opening:
    tiers = load_library().tiers.tiers
    return Opening(
        kind=Kind.CRISIS,
        monitor_id=monitor,
        scenario=scenario,
        title=f"晨屿咖啡第 {number} 起",
        tier=tiers[tier].id,
        tier_rank=tier + 1,
        reasons=({"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10},),
        posts=posts,
        first_post_id=f"post{number}",
        first_post_at=now - timedelta(minutes=2),
        last_post_at=now,
        evidence=(),
    )


async def fill_queue(folder: Path, *, count: int, now: datetime) -> None:
    """So many open incidents, each with the steps and timers of its playbook."""
    rng, library, service = random.Random(3), load_library(), _incidents()
    scenarios = sorted(library.scenarios)
    places = [(f"brand_{number}", name) for number in range(1, 1 + count) for name in scenarios]
    async with state(folder) as database:
        for first in range(0, count, _BATCH):
            async with database.write() as connection:
                for number in range(first, min(first + _BATCH, count)):
                    monitor, scenario = places[number]
                    at = now - timedelta(seconds=rng.randint(0, 3_600))
                    opening = _opening(
                        number=number,
                        tier=rng.choices(range(len(library.tiers.tiers)), (80, 16, 4))[0],
                        scenario=scenario,
                        monitor=monitor,
                        posts=rng.randint(3, 4_000),
                        now=at,
                    )
                    await service.open(connection, opening, now=at)


async def settled(folder: Path) -> float:
    """Wait until the server has handled every deadline that was due; answers the seconds.

    The filled incidents began within an hour, as if none had been served: their first deadlines
    lie in the past, all at once, which is not what people who look at the queue live with.
    """
    began = time.monotonic()
    async with state(folder) as database:
        while True:
            async with database.read() as connection:
                due = await earliest_due(connection)
            if due is None or due > SystemClock().now() - _SETTLED:
                return time.monotonic() - began
            await asyncio.sleep(1)


async def fill_posts(folder: Path, *, count: int, now: datetime) -> str:
    """One incident of so many posts, all of them in the post store; answers its id."""
    store = SqlitePostStore(folder / "posts.db", query_phrases=search_phrases)
    batch: list[StoredPost] = []
    frozen: list[Evidence] = []
    scenario = sorted(load_library().scenarios)[0]
    try:
        for number, post in enumerate(synthetic_posts(count)):
            at = now - timedelta(hours=3) * (1 - number / count)
            batch.append(
                replace(
                    post,
                    monitors=(BURNING,),
                    scenario=scenario,
                    sentiment="negative",
                    published_at=at,
                    fetched_at=at,
                    stored_at=at,
                )
            )
            if len(frozen) < _FROZEN:
                frozen.append(
                    Evidence(
                        post_id=post.id,
                        at=at,
                        copy_group=post.copy_group or post.id,
                        snapshot={"text": post.text, "source": post.source},
                        sha256=stable_id("h", post.text).ljust(64, "0")[:64],
                    )
                )
            if len(batch) == _BATCH:
                await store.upsert(batch)
                batch.clear()
        if batch:
            await store.upsert(batch)
    finally:
        await store.close()
    opening = _opening(number=0, tier=1, scenario=scenario, monitor=BURNING, posts=count, now=now)
    async with state(folder) as database, database.write() as connection:
        first = now - timedelta(hours=3)
        opening = replace(opening, evidence=tuple(frozen), first_post_at=first)
        return (await _incidents().open(connection, opening, now=now)).id
