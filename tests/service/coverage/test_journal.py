"""What is counted of pulls and posts, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from crawlers import Channel, Outcome, Unread
from service.coverage import CANARY, FeedJournal
from service.coverage.journal import MOST_PUSHED, OTHERS
from service.coverage.percentiles import percentiles
from service.db import tables
from tests.support.clock import START
from tests.support.coverage_scene import CoverageScene


async def test_a_new_post_is_counted_with_what_each_stage_took(scene: CoverageScene) -> None:
    await scene.post(1)
    scene.clock.step(minutes=1)
    await scene.post(2, channel=Channel.THIRD_PARTY)
    feed = await scene.feed("push:weibo")
    assert (feed.name, feed.label, feed.pushed) == ("weibo", "push", True)
    assert (feed.platforms, feed.channels) == (("weibo",), ("social", "third_party"))
    (hour,) = await scene.hours()
    assert hour.posts == 1, "the first post was published before the feed was known"
    assert {name: percentiles(sketch).p50 for name, sketch in hour.lags.items()} == {
        "fetched": pytest.approx(1, rel=0.03),
        "analysed": pytest.approx(1, rel=0.03),
        "stored": pytest.approx(1, rel=0.03),
        "cleaned": pytest.approx(2, rel=0.03),
    }


async def test_a_back_fill_is_no_arrival(local: CoverageScene) -> None:
    local.source("news")
    await local.pull("news")
    old = local.clock.now() - timedelta(days=3)
    await local.post(1, via="news", published_at=old)
    (hour,) = await local.hours()
    assert (hour.posts, hour.lags["fetched"]) == (0, {})
    assert (await local.feed("news")).last_post_at is not None


async def test_pulls_are_counted_by_their_end(scene: CoverageScene) -> None:
    scene.source("news")
    await scene.pull("news", rejected=2)
    scene.clock.step(minutes=5)
    await scene.pull("news", Outcome.OK_EMPTY)
    scene.clock.step(minutes=5)
    await scene.pull("news", Outcome.BLOCKED)
    scene.clock.step(minutes=5)
    await scene.pull("news", Outcome.OK, stored=False)
    (hour,) = await scene.hours()
    assert (hour.due, hour.collected, hour.rejected) == (4, 2, 2)
    assert hour.outcomes == {"ok": 2, "ok_empty": 1, "blocked": 1}


async def test_what_a_walk_passed_by_is_a_gap_of_its_feed(scene: CoverageScene) -> None:
    scene.source("news")
    await scene.pull("news")
    began = scene.clock.now()
    scene.clock.step(minutes=30)
    lost = Unread(
        reason="the walk lost its place",
        since=began + timedelta(minutes=2),
        until=began + timedelta(minutes=20),
    )
    await scene.pull("news", unread=lost)
    (gap,) = await scene.rows(tables.feed_gap)
    assert (gap["feed_id"], gap["sight"], gap["detail"]) == ("news", "partial", lost.reason)
    assert (gap["since"], gap["until"]) == (lost.since, lost.until)
    await scene.look()
    assert not (await scene.feed("news")).condition.dark


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, None), (START + timedelta(days=2), START), (None, START - timedelta(days=9))],
)
async def test_a_gap_whose_ends_are_not_known_reaches_back_to_the_last_pull(
    local: CoverageScene, since: datetime | None, until: datetime | None
) -> None:
    local.source("news")
    await local.pull("news")
    began = local.clock.now()
    local.clock.step(minutes=30)
    await local.pull("news", unread=Unread(reason="lost", since=since, until=until))
    (gap,) = await local.rows(tables.feed_gap)
    assert (gap["since"], gap["until"]) == (began, local.clock.now())


async def test_pulls_that_were_due_and_never_made_are_missed(local: CoverageScene) -> None:
    local.source("news")
    await local.pull("news")
    local.clock.step(minutes=31)
    await local.pull("news")
    (hour,) = await local.hours()
    assert (hour.due, hour.collected) == (2 + 5, 2)


async def test_what_was_switched_off_missed_nothing(local: CoverageScene) -> None:
    local.source("news")
    await local.pull("news")
    local.clock.step(minutes=50)
    local.source("news")  # switched on again
    await local.pull("news")
    (hour,) = await local.hours()
    assert (hour.due, hour.collected) == (2, 2)


async def test_the_canary_leaves_no_trace(local: CoverageScene) -> None:
    await local.pull(CANARY)
    await local.post(1, via=CANARY)
    assert await local.rows(tables.feed) == []
    assert await local.rows(tables.feed_hour) == []
    assert await local.rows(tables.post_sample) == []


async def test_made_up_platforms_share_one_feed_beyond_a_limit(local: CoverageScene) -> None:
    local.journal = FeedJournal(local.database)
    local.journal._pushed.update(f"push:{number}" for number in range(MOST_PUSHED))
    await local.post(1, source="somewhere")
    await local.post(2, source="0")
    assert {row["id"] for row in await local.rows(tables.feed)} == {f"push:{OTHERS}", "push:0"}


async def test_a_platform_with_an_endless_name_has_a_short_id(local: CoverageScene) -> None:
    await local.post(1, source="x" * 500)
    (row,) = await local.rows(tables.feed)
    assert len(row["id"]) < 64


async def test_one_post_in_ten_minutes_is_sampled(local: CoverageScene) -> None:
    for number in range(5):
        await local.post(number)
        local.clock.step(minutes=4)
    samples = await local.rows(tables.post_sample)
    assert len(samples) == 2
    assert "第0条" not in str(samples)


async def test_what_cannot_be_counted_is_in_nobodys_way(local: CoverageScene) -> None:
    async with local.database.write() as connection:
        await connection.execute(text("DROP TABLE feed_hour"))
    local.source("news")
    await local.post(1)
    await local.pull("news")
