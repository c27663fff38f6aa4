"""The watch: what it makes of feeds, whom it tells, once, and what it remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crawlers import Outcome
from service.coverage import Cause, Sight, repository
from service.db import Database, tables
from tests.support.clock import SteppingClock
from tests.support.coverage_scene import HOUR, CoverageScene


async def block(scene: CoverageScene, name: str) -> None:
    """Two refusals in a row, a minute apart."""
    for _ in range(2):
        scene.clock.step(minutes=1)
        await scene.pull(name, Outcome.BLOCKED)


async def test_a_new_source_is_a_feed_of_which_nothing_is_known(scene: CoverageScene) -> None:
    scene.source("news")
    assert await scene.look() == 0
    assert (await scene.feed("news")).condition.sight is Sight.UNKNOWN


async def test_a_dark_feed_is_told_once_and_its_return_once(scene: CoverageScene) -> None:
    scene.source("news")
    await scene.pull("news")
    await scene.look()
    await block(scene, "news")
    assert await scene.look() == 1
    for _ in range(5):
        scene.clock.step(minutes=1)
        assert await scene.look() == 0
    await scene.pull("news")
    assert await scene.look() == 1

    told = {row["type"]: row for row in await scene.rows(tables.outbox)}
    assert set(told) == {"coverage.lost", "coverage.restored"}
    lost, restored = (told[name]["data"]["feed"] for name in ("coverage.lost", "coverage.restored"))
    assert (lost["state"], lost["reason"], lost["until"]) == ("blocked", "refused", None)
    assert restored["since"] == lost["since"]
    assert restored["until"] is not None
    assert told["coverage.lost"]["incident_id"] == "inc_1"
    assert told["coverage.lost"]["tier_rank"] == 1
    assert [loss.feed.id for loss in scene.alarms.lost_feeds] == ["news"]
    assert scene.alarms.restored_feeds == ["news"]


async def test_the_gap_reaches_from_the_last_good_pull_to_the_return(scene: CoverageScene) -> None:
    scene.source("news")
    await scene.pull("news")
    began = scene.clock.now()
    await block(scene, "news")
    await scene.look()
    scene.clock.step(minutes=9)
    await scene.pull("news")
    await scene.look()
    (gap,) = await scene.rows(tables.feed_gap)
    assert (gap["sight"], gap["since"], gap["until"]) == ("blocked", began, scene.clock.now())


async def test_what_stays_dark_is_looked_at_again_by_its_incident(local: CoverageScene) -> None:
    local.source("news")
    await block(local, "news")
    await local.look()
    local.clock.step(minutes=16)
    await local.look()
    assert len(local.alarms.lost_feeds) == 2
    assert len(await local.rows(tables.outbox)) == 1


async def test_the_last_feed_that_is_lost_leaves_none_that_is_seen(local: CoverageScene) -> None:
    for name in ("news", "forum"):
        local.source(name)
        await local.pull(name)
    local.source("off", enabled=False)
    await block(local, "news")
    await local.look()
    await block(local, "forum")
    await local.look()
    assert [(loss.feed.id, loss.others_seen) for loss in local.alarms.lost_feeds] == [
        ("news", True),
        ("forum", False),
    ]


async def test_how_much_is_lost_is_its_part_of_the_week(local: CoverageScene) -> None:
    await local.lived("news", lambda ago: 3)
    await local.lived("forum", lambda ago: 1)
    for name in ("news", "forum"):
        local.source(name)
        await local.pull(name)
    await block(local, "news")
    await local.look()
    (loss,) = local.alarms.lost_feeds
    assert loss.share == pytest.approx(0.75)


async def test_a_restarted_watch_tells_nothing_twice(scene: CoverageScene) -> None:
    scene.source("news")
    await block(scene, "news")
    await scene.look()
    scene.watch = scene.new_watch()
    scene.clock.step(minutes=1)
    await scene.look()
    assert [row["type"] for row in await scene.rows(tables.outbox)] == ["coverage.lost"]


async def test_a_deleted_source_is_no_feed_and_its_incident_ends(local: CoverageScene) -> None:
    local.source("news")
    await block(local, "news")
    await local.look()
    del local.schedules["news"]
    await local.look()
    async with local.database.read() as connection:
        assert await repository.feeds(connection) == ()
        (gone,) = await repository.feeds(connection, gone_too=True)
    assert (gone.id, gone.gone_at) == ("news", local.clock.now())
    assert local.alarms.restored_feeds == ["news"]
    (gap,) = await local.rows(tables.feed_gap)
    assert gap["until"] is not None
    assert await local.look() == 0


async def test_a_source_that_is_made_again_is_a_new_feed(local: CoverageScene) -> None:
    local.source("news")
    await block(local, "news")
    await local.look()
    del local.schedules["news"]
    await local.look()
    local.clock.step(hours=1)
    local.source("news")
    await local.look()
    feed = await local.feed("news")
    assert (feed.gone_at, feed.known_since) == (None, local.clock.now())
    assert feed.last_pull_at is None


async def test_a_feed_that_is_gone_is_forgotten_with_its_gaps(local: CoverageScene) -> None:
    local.source("news")
    await block(local, "news")
    await local.look()
    del local.schedules["news"]
    await local.look()
    local.clock.step(days=100)
    await local.look()
    assert (await local.rows(tables.feed), await local.rows(tables.feed_gap)) == ([], [])


async def test_a_silent_pusher_is_lost(local: CoverageScene) -> None:
    await local.lived("push:weibo", lambda ago: 6, pushed=True)
    await local.post(1)
    await local.look()
    for _ in range(12):
        local.clock.step(hours=1)
        await local.look()
    (loss, *_) = local.alarms.lost_feeds
    assert loss.condition.sight is Sight.QUIET


async def test_silent_hours_of_a_known_gap_are_not_learnt(local: CoverageScene) -> None:
    """Three weeks of six an hour, of which one was dark: the usual is six, not four."""
    await local.lived("news", lambda ago: 0 if 168 <= ago < 336 else 6, days=28)
    now = local.clock.now()
    async with local.database.write() as connection:
        await connection.execute(
            tables.feed_gap.insert().values(
                feed_id="news",
                sight="blocked",
                detail="",
                since=now - 337 * HOUR,
                until=now - 167 * HOUR,
            )
        )
    local.source("news")
    await local.pull("news")
    for _ in range(50):
        local.clock.step(minutes=12)
        await local.pull("news", Outcome.OK_EMPTY)
        await local.look()
    loss = local.alarms.lost_feeds[0]
    assert "are usual" in loss.condition.detail
    usual_per_hour = float(loss.condition.detail.split("where ")[1].split(" ")[0]) / float(
        loss.condition.detail.split("posts in ")[1].split(" ")[0]
    )
    assert usual_per_hour == pytest.approx(6, rel=0.1)


async def test_a_restart_after_a_stop_pages_nobody_before_a_pull_had_its_turn(
    local: CoverageScene,
) -> None:
    local.source("news")
    await local.pull("news")
    await local.look()
    stopped = local.clock.now()
    local.clock.step(minutes=17)
    local.watch = local.new_watch()
    assert await local.look() == 0
    assert (await local.feed("news")).condition.sight is Sight.FAILING
    await local.pull("news")
    local.clock.step(minutes=1)
    assert await local.look() == 0
    assert await local.rows(tables.outbox) == []
    (gap,) = [row for row in await local.rows(tables.feed_gap) if row["sight"] == "unknown"]
    assert (gap["since"], gap["until"]) == (stopped, stopped + timedelta(minutes=17))


async def test_a_clock_that_jumps_is_a_stop_like_any_other(local: CoverageScene) -> None:
    local.source("news")
    await local.pull("news")
    await local.look()
    local.clock.step(minutes=17)
    assert await local.look() == 0


async def test_a_crawler_that_does_not_come_back_is_dark_after_one_interval(
    local: CoverageScene,
) -> None:
    local.source("news")
    await local.pull("news")
    local.clock.step(minutes=17)
    lost = []
    for minute in range(9):
        if await local.look():
            lost.append(minute)
        local.clock.step(minutes=1)
    assert lost == [8]


async def test_while_the_store_is_shut_nobody_is_paged_and_after_it_a_pull_has_its_turn(
    local: CoverageScene,
) -> None:
    shut: list[datetime] = []

    async def shut_since() -> datetime | None:
        return shut[0] if shut else None

    local.watch = local.new_watch(shut_since=shut_since)
    local.source("news")
    await local.pull("news")
    await local.look()
    shut.append(local.clock.now())
    for _ in range(20):
        local.clock.step(minutes=1)
        assert await local.look() == 0
    condition = (await local.feed("news")).condition
    assert (condition.cause, condition.dark) == (Cause.STORE_SHUT, False)
    shut.clear()
    local.clock.step(minutes=1)
    assert await local.look() == 0
    assert await local.rows(tables.outbox) == []


async def test_a_pusher_is_judged_only_of_what_was_watched(local: CoverageScene) -> None:
    """Ten hours without us are no silence of the feed; twelve silent ones with us are."""
    await local.lived("push:weibo", lambda ago: 6, pushed=True)
    await local.post(1)
    await local.look()
    local.clock.step(hours=10)
    local.watch = local.new_watch()
    await local.look()
    local.clock.step(hours=1)
    await local.look()
    assert local.alarms.lost_feeds == []
    for _ in range(12):
        local.clock.step(hours=1)
        await local.look()
    assert local.alarms.lost_feeds != []


async def test_a_quiet_feed_stays_lost_over_a_stop_of_ours(local: CoverageScene) -> None:
    await local.lived("push:weibo", lambda ago: 6, pushed=True)
    await local.post(1)
    for _ in range(12):
        await local.look()
        local.clock.step(hours=1)
    local.clock.step(hours=2)
    local.watch = local.new_watch()
    await local.look()
    assert (await local.feed("push:weibo")).condition.sight is Sight.QUIET
    assert local.alarms.restored_feeds == []
    await local.post(2)
    await local.look()
    assert local.alarms.restored_feeds == ["push:weibo"]


async def test_a_source_that_is_switched_on_again_is_not_judged_of_its_pause(
    local: CoverageScene,
) -> None:
    await local.lived("news", lambda ago: 6)
    local.source("news", enabled=False)
    for _ in range(60):
        local.clock.step(minutes=12)
        await local.look()
    local.source("news")
    await local.pull("news", Outcome.OK_EMPTY)
    for _ in range(10):
        local.clock.step(minutes=6)
        await local.pull("news", Outcome.OK_EMPTY)
        await local.look()
    assert local.alarms.lost_feeds == []


async def test_a_recording_is_judged_in_its_replay_only(local: CoverageScene) -> None:
    await local.post(1, via="replay")
    local.watch = local.new_watch(recorded=False)
    await local.look()
    assert (await local.feed("replay:weibo")).condition.sight is Sight.UNKNOWN
    local.watch = local.new_watch(recorded=True)
    await local.look()
    assert (await local.feed("replay:weibo")).condition.sight is Sight.OK


async def test_it_is_due_each_minute_and_each_hour_where_nothing_is_pulled(
    local: CoverageScene,
) -> None:
    local.clock.step(minutes=20)
    await local.look()
    assert await local.watch.next_at() == local.clock.now() + timedelta(minutes=40)
    local.source("news")
    await local.look()
    assert await local.watch.next_at() == local.clock.now() + timedelta(minutes=1)


@pytest.mark.postgres
async def test_one_process_watches_at_a_time(database: Database, clock: SteppingClock) -> None:
    if database.is_sqlite:
        pytest.skip("one process owns a SQLite file")
    first = CoverageScene(database, clock, owner="first")
    second = CoverageScene(database, clock, owner="second")
    for scene in (first, second):
        scene.source("news")
    await first.look()
    await block(second, "news")
    assert await second.look() == 0
    first.checkpoints = second.checkpoints
    first.watch = first.new_watch("first")
    assert await first.look() == 1


async def test_old_hours_and_gaps_are_forgotten(local: CoverageScene) -> None:
    local.source("news")
    await local.pull("news")
    await block(local, "news")
    await local.look()
    await local.pull("news")
    await local.look()
    local.clock.step(days=100)
    local.schedules["news"] = replace(local.schedules["news"], since=local.clock.now())
    await local.pull("news")
    await local.look()
    assert [row["sight"] for row in await local.rows(tables.feed_gap)] == ["unknown"], (
        "our own absence of a hundred days has just ended"
    )
    assert [row["hour"] for row in await local.rows(tables.feed_hour)] == [
        local.clock.now().replace(minute=0)
    ]
