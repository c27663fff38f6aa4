"""Fits and watch as jobs."""

from __future__ import annotations

from datetime import timedelta

from service.auth import SYSTEM
from service.db.leases import acquire
from service.jobs import advance
from service.topics import FitRequest, FitState, TopicFits, TopicWatch
from service.topics.job import LEASE
from service.topics.watch import EVERY
from tests.support.stored_posts import NOON
from tests.support.stored_topics import TopicScene, themed_posts
from tests.support.topic_scene import RAIN


def fits(scene: TopicScene, owner: str = "one") -> TopicFits:
    return TopicFits(database=scene.database, clock=scene.clock, runner=scene.runner, owner=owner)


def watch(scene: TopicScene) -> TopicWatch:
    return TopicWatch(
        database=scene.database, clock=scene.clock, readings=scene.readings, owner="one"
    )


async def test_fits_are_done_in_the_order_of_asking(scene: TopicScene) -> None:
    job = fits(scene)
    assert await job.next_at() is None
    for _ in range(2):
        await scene.desk.ask(SYSTEM, FitRequest(topics=3))
    assert await advance(scene.clock, [job], scene.clock.now() + timedelta(minutes=1)) == 2
    found = await scene.desk.page(SYSTEM)
    assert [item.state for item in found.items] == [FitState.READY] * 2
    assert await job.run(scene.clock.now()) == 0


async def test_one_process_at_a_time(scene: TopicScene) -> None:
    now = scene.clock.now()
    async with scene.database.write() as connection:
        await acquire(connection, LEASE, owner="other", now=now, ttl=timedelta(minutes=1))
    await scene.desk.ask(SYSTEM, FitRequest(topics=3))
    job = fits(scene)
    assert await job.run(now) == 0
    assert await job.next_at() == now + timedelta(seconds=15)


async def test_an_alarm_is_kept_with_the_version(scene: TopicScene) -> None:
    version = await scene.fit(activate=True)
    await scene.store.upsert(themed_posts(RAIN, each=70, start=2_900, seed=4))
    scene.clock.advance_to(NOON + timedelta(hours=72))
    job = watch(scene)
    due = await job.next_at()
    assert due == scene.clock.now() + EVERY
    assert await job.run(scene.clock.now()) == 1
    alarm = (await scene.desk.get(SYSTEM, version.number)).alarm or {}
    assert alarm["alarm"] is True
    assert {term["word"] for term in alarm["terms"]} <= set(RAIN)


async def test_calm_leaves_no_alarm(scene: TopicScene) -> None:
    version = await scene.fit(activate=True)
    scene.clock.advance_to(NOON + timedelta(hours=72))
    assert await watch(scene).run(scene.clock.now()) == 1
    assert (await scene.desk.get(SYSTEM, version.number)).alarm is None
