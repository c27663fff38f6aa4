"""What a query would take of what is stored, told while somebody writes it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from nlp import parse_query
from service.ingest.query_trial import QueryTrial, try_query
from tests.support.ingest_scene import IngestScene

ZONE = ZoneInfo("Asia/Shanghai")


async def tried(scene: IngestScene, query: str, **changes: int) -> QueryTrial:
    return await try_query(
        scene.store, parse_query(query), None, now=scene.clock.now(), zone=ZONE, **changes
    )


async def test_hits_are_counted_and_the_newest_shown(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "咖啡凉了"), scene.post(2, "茶好喝"), scene.post(3, "咖啡香"))
    found = await tried(scene, "咖啡")
    assert (found.read, found.hits, found.complete) == (3, 2, True)
    assert {post.text for post in found.newest} == {"咖啡凉了", "咖啡香"}
    assert sum(found.by_day.values()) == 2
    assert len(found.by_day) == 8


async def test_reposts_count_with_what_they_share(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "咖啡凉了"), scene.post(2, "转发微博", repost_of="1"))
    assert (await tried(scene, "咖啡")).hits == 2


async def test_what_is_older_than_a_week_is_not_looked_at(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "咖啡凉了"))
    later = scene.clock.now() + timedelta(days=8)
    found = await try_query(scene.store, parse_query("咖啡"), None, now=later, zone=ZONE)
    assert (found.read, found.hits) == (0, 0)


async def test_a_look_that_stops_early_says_from_when_it_is(scene: IngestScene) -> None:
    posts = [scene.post(number, f"咖啡 {number}") for number in range(1, 6)]
    await scene.put(*posts)
    found = await tried(scene, "咖啡", most=2)
    assert (found.read, found.complete) == (2, False)
    assert found.since >= scene.clock.now() - timedelta(days=7)
