"""Back-fill: a changed monitor goes over what is stored, bite by bite, and goes on after a stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.auth import SYSTEM
from service.db.leases import turn
from service.ingest import backfill as module
from service.ingest.backfill import Backfill
from service.jobs import advance
from tests.support.ingest_scene import IngestScene


@pytest.fixture
def job(scene: IngestScene) -> Backfill:
    return another(scene)


def another(scene: IngestScene) -> Backfill:
    return Backfill(
        owner="one",
        database=scene.database,
        clock=scene.clock,
        monitors=scene.monitors,
        brands=scene.brand_directory,
        store=scene.store,
    )


async def finish(scene: IngestScene, job: Backfill) -> None:
    await advance(scene.clock, [job], scene.clock.now())


async def progress(scene: IngestScene, monitor: str) -> Mapping[str, Any]:
    return (await scene.monitors.get(monitor)).backfill or {}


async def test_a_new_monitor_finds_what_is_stored(scene: IngestScene, job: Backfill) -> None:
    coffee = scene.post(1, "咖啡凉了")
    tea = scene.post(2, "澄屿好喝")
    await scene.put(coffee, tea)
    await scene.monitor("coffee", "咖啡")
    assert await job.next_at() == scene.clock.now()
    await finish(scene, job)
    assert (await scene.stored(coffee)).monitors == ("coffee",)
    assert (await scene.stored(tea)).monitors == ("tea",)
    assert await progress(scene, "coffee") == {
        "after_id": max(coffee.id, tea.id),
        "done": 2,
        "of": 2,
        "state": "done",
    }
    assert await job.next_at() is None


async def test_a_narrower_query_lets_go_of_what_it_took(scene: IngestScene, job: Backfill) -> None:
    post = scene.post(1, "澄屿好喝")
    await scene.put(post)
    await scene.monitor("tea", "澄屿 +虫子")
    await finish(scene, job)
    assert (await scene.stored(post)).monitors == ()


async def test_every_field_of_the_query_is_heeded(scene: IngestScene, job: Backfill) -> None:
    titled = scene.post(1, "如题", title="咖啡凉了")
    elsewhere = scene.post(2, "咖啡凉了", source="appstore")
    await scene.put(titled, elsewhere)
    await scene.monitor("coffee", "咖啡 source:weibo")
    await finish(scene, job)
    assert (await scene.stored(titled)).monitors == ("coffee",)
    assert (await scene.stored(elsewhere)).monitors == ()


async def test_reposts_follow_what_they_share(scene: IngestScene, job: Backfill) -> None:
    original = scene.post(1, "咖啡凉了")
    repost = scene.post(2, "转发微博", repost_of="1")
    again = scene.post(3, "转发微博", repost_of="2")
    orphan = scene.post(4, "转发微博", repost_of="404")
    await scene.put(original, repost, again, orphan)
    await scene.monitor("coffee", "咖啡")
    await finish(scene, job)
    found = [(await scene.stored(post)).monitors for post in (original, repost, again, orphan)]
    assert found == [("coffee",), ("coffee",), ("coffee",), ()]


async def test_reposts_stay_while_their_original_does(scene: IngestScene, job: Backfill) -> None:
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(scene.post(1, "澄屿青柚茶好喝"), repost)
    await scene.monitor("tea", "青柚茶")
    await finish(scene, job)
    assert (await scene.stored(repost)).monitors == ("tea",)


async def test_reposts_of_each_other_end_the_search(scene: IngestScene, job: Backfill) -> None:
    ring = [scene.post(1, "转发", repost_of="2"), scene.post(2, "转发", repost_of="1")]
    await scene.put(*ring)
    await finish(scene, job)
    assert (await scene.stored(ring[0])).monitors == ()


async def test_complaints_about_a_rival_are_spared_as_they_are_at_ingest(
    scene: IngestScene, job: Backfill
) -> None:
    said = [
        scene.post(1, "云帆汽车刹车异响，质量太差，投诉无门，早知道买极川"),
        scene.post(2, "转发微博", repost_of="1"),
        scene.post(3, "极川汽车刹车异响，质量太差，投诉无门，早知道买云帆"),
        scene.post(4, "极川好开"),
    ]
    await scene.put(*said)
    await scene.rivals()
    await finish(scene, job)
    found = [await scene.stored(post) for post in said]
    assert [post.spared for post in found] == [("jichuan",), ("jichuan",), ("yunfan",), ()]
    fresh = [scene.post(f"n{post.native_id}", post.text) for post in said if not post.repost_of]
    await scene.put(*fresh)
    at_ingest = [(await scene.stored(post)).spared for post in fresh]
    assert at_ingest == [("jichuan",), ("yunfan",), ()]


async def test_a_monitor_that_gets_a_brand_spares_what_it_held(
    scene: IngestScene, job: Backfill
) -> None:
    await scene.rivals()
    await scene.monitor("jichuan", "极川")
    post = scene.post(1, "云帆汽车刹车异响，质量太差，投诉无门，早知道买极川")
    await scene.put(post)
    await finish(scene, job)
    assert (await scene.stored(post)).spared == ()
    await scene.rivals()
    await finish(scene, job)
    assert (await scene.stored(post)).spared == ("jichuan",)


async def test_a_restart_goes_on_where_it_was(
    scene: IngestScene, job: Backfill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BITE", 2)
    await finish(scene, job)
    await scene.put(*(scene.post(number, "咖啡凉了") for number in range(5)))
    await scene.monitor("coffee", "咖啡")
    now = scene.clock.now()
    assert await job.run(now) == 2
    half = await progress(scene, "coffee")
    assert (half["done"], half["of"], half["state"]) == (2, 5, "running")
    assert [await another(scene).run(now) for _ in range(3)] == [2, 1, 0]
    assert (await progress(scene, "coffee"))["state"] == "done"
    members = [(await scene.stored(scene.post(number, ""))).monitors for number in range(5)]
    assert members == [("coffee",)] * 5


async def test_a_query_changed_in_between_starts_over(
    scene: IngestScene, job: Backfill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BITE", 2)
    posts = [scene.post(number, "咖啡凉了") for number in range(5)]
    await scene.put(*posts)
    await finish(scene, job)
    await scene.monitor("coffee", "咖啡")
    await job.run(scene.clock.now())
    await scene.monitor("coffee", "热饮")
    await finish(scene, job)
    assert [(await scene.stored(post)).monitors for post in posts] == [()] * 5


async def test_a_monitor_that_is_deleted_is_not_waited_for(
    scene: IngestScene, job: Backfill
) -> None:
    await finish(scene, job)
    await scene.monitor("coffee", "咖啡")
    assert await job.next_at() is not None
    await scene.monitors.delete(SYSTEM, "coffee")
    assert await job.next_at() is None


async def test_one_process_at_a_time_back_fills(scene: IngestScene, job: Backfill) -> None:
    await scene.put(scene.post(1, "咖啡凉了"))
    await scene.monitor("coffee", "咖啡")
    async with turn(scene.database, module.LEASE, owner="another", now=scene.clock.now) as theirs:
        assert theirs
        assert await job.run(scene.clock.now()) == 0
        due = await job.next_at()
        assert due is not None
        assert due > scene.clock.now()
    scene.clock.advance_to(due)
    assert await job.run(scene.clock.now()) > 0
