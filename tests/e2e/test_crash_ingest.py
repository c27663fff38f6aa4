"""The worker is killed while it takes in posts: none is lost, doubled or without its author."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import SystemClock
from service.db import tables
from service.monitors import SourceDraft
from service.stores.post_store import PostQuery, SortOrder, StoredPost
from tests.e2e.killing import killed_again_and_again, schedules
from tests.e2e.line import INJURIES, add_webhook, environment, read_page, rows, running
from tests.support.webhook_receiver import webhook_receiver

PER_LIFE = 400
"""More than one life can take in, so that each is killed at work."""
BATCH = 10
PAGE = 200


def write_stream(path: Path, *, posts: int, now: datetime, chance: random.Random) -> None:
    """Two injuries at the head, then small talk, one line each, of the last minutes."""
    lines = []
    for number in range(posts):
        text = f"第{number}杯茶，味道和昨天的第{chance.randrange(10**6)}杯差不多。"
        if number < 2:
            text = INJURIES[number]
        at = now - timedelta(minutes=5) + timedelta(milliseconds=number)
        author = {"id": f"uid-{number % 37:05d}", "name": f"路人甲{number % 37}"}
        lines.append(
            orjson.dumps(
                {
                    "source": "weibo",
                    "native_id": f"n{number}",
                    "published_at": at.isoformat(),
                    "text": text,
                    "author": author,
                }
            )
        )
    path.write_bytes(b"\n".join(lines) + b"\n")


async def stored(container: Container) -> list[StoredPost]:
    """Every post in the store."""
    found: list[StoredPost] = []
    cursor: str | None = None
    while True:
        page = await container.store.search(
            PostQuery(), limit=PAGE, sort=SortOrder.OLDEST, cursor=cursor
        )
        found += [item.post for item in page.items]
        cursor = page.next
        if cursor is None:
            return found


async def is_at_rest(container: Container, *, size: int, progress: list[int]) -> bool:
    """The whole file is behind the cursor and everybody has been told of everything."""
    async with container.database.read() as connection:
        cursor = await connection.scalar(select(tables.checkpoint.c.cursor))
        told = await connection.scalar(select(tables.outbox.c.id).limit(1))
        waiting = await connection.scalar(
            select(tables.outbox.c.id).where(tables.outbox.c.routed_at.is_(None)).limit(1)
        )
        unsent = await connection.scalar(
            select(tables.delivery.c.id).where(tables.delivery.c.state == "pending").limit(1)
        )
    progress.append(0 if cursor is None else cursor["offset"])
    return progress[-1] == size and told is not None and waiting is None and unsent is None


@pytest.mark.parametrize(("kills", "seed"), schedules(4))
async def test_no_post_is_lost_or_doubled(kills: int, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    clock, data, stream = SystemClock(), tmp_path / "data", tmp_path / "stream.jsonl"
    posts = PER_LIFE * kills
    write_stream(stream, posts=posts, now=clock.now(), chance=chance)
    async with webhook_receiver() as receiver, running(data, clock=clock, virtual=False) as seen:
        await add_webhook(seen, receiver.url())
        settings = {"path": str(stream), "batch": BATCH}
        draft = SourceDraft(id="file", kind="jsonl", name="File", settings=settings, interval_s=10)
        await seen.sources.put(SYSTEM, draft)
        size = stream.stat().st_size
        progress: list[int] = []
        await killed_again_and_again(
            environment(data),
            kills=kills,
            chance=chance,
            log=tmp_path / "log",
            at_rest=lambda: is_at_rest(seen, size=size, progress=progress),
        )
        kept = await stored(seen)
        handles = {row.author for row in await rows(seen, tables.author_handle)}
        incidents = await rows(seen, tables.incident)

    assert progress[0] < size, "all was taken in before the last kill: nothing was interrupted"
    assert Counter(post.native_id for post in kept) == {f"n{n}": 1 for n in range(posts)}
    assert {post.version for post in kept} == {1}, "the same post again counted as an edit"
    assert {post.author for post in kept} == handles
    assert len(handles) == 37
    assert [(row.scenario, row.monitor_id) for row in incidents] == [("safety_incident", "qingyou")]
    opened = [p.id for p in map(read_page, receiver.received) if p.type == "incident.opened"]
    assert len(set(opened)) == 1
