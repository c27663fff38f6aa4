"""The sign of life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.db.tables import delivery, delivery_attempt, outbox
from service.delivery import Heartbeat
from tests.service.delivery.scene import Scene, channel
from tests.support.clock import START

MINUTE = timedelta(minutes=1)


async def lags() -> Mapping[str, float]:
    return {"ingest": 1.5}


def heartbeat(scene: Scene, worker: str = "worker-1") -> Heartbeat:
    return Heartbeat(scene.database, clock=scene.clock, worker=worker, version="0.1.0", lags=lags)


async def counts(scene: Scene) -> tuple[int, int, int]:
    async with scene.database.read() as connection:
        found = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (outbox, delivery, delivery_attempt)
        ]
    return found[0], found[1], found[2]


@pytest.fixture
def listening(local: Scene) -> Scene:
    local.channels = [channel(events=("service.heartbeat",))]
    return local


async def test_it_says_who_is_alive_and_how_far_behind(listening: Scene) -> None:
    await heartbeat(listening).run(START)
    await listening.route()
    await listening.deliver()
    ((_, message, _),) = listening.sender.sent
    assert message.type == "service.heartbeat"
    assert message.data == {"version": "0.1.0", "worker": "worker-1", "lag_s": {"ingest": 1.5}}


async def test_it_beats_once_a_minute(local: Scene) -> None:
    beating = heartbeat(local)
    assert await beating.next_at() == START
    assert await beating.run(START + timedelta(seconds=20)) == 1
    assert await beating.next_at() == START + MINUTE
    assert await beating.run(START + timedelta(seconds=59)) == 0
    assert await beating.run(START + MINUTE) == 1
    assert (await counts(local))[0] == 2


async def test_several_workers_make_one_heartbeat(local: Scene) -> None:
    await heartbeat(local, "worker-1").run(START)
    await heartbeat(local, "worker-2").run(START + timedelta(seconds=5))
    assert (await counts(local))[0] == 1


async def test_old_heartbeats_are_forgotten_and_nothing_else(listening: Scene) -> None:
    listening.channels.append(channel("b"))
    beating = heartbeat(listening)
    await listening.tell()
    for _ in range(62):
        await beating.run(listening.clock.now())
        await listening.route()
        await listening.deliver()
        listening.step(MINUTE)
    await beating.run(listening.clock.now())
    assert await counts(listening) == (62, 61, 61)
    assert beating.name == "heartbeat"
