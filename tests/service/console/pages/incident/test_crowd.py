"""Growth beside what is usual, and what the crowd feels and passes on."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from service.auth import Role
from service.console.pages.incident.growth import usual_hours
from service.incidents import Kind
from service.stores import TimeBucket
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.stored_posts import stored_post

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def buckets(counts: list[int], width: timedelta) -> list[TimeBucket]:
    first = START.replace(hour=0, minute=0) - len(counts) * width
    return [
        TimeBucket(start=first + place * width, posts=count, negative=0, distinct=count)
        for place, count in enumerate(counts)
    ]


def test_the_usual_hour_is_the_median_of_the_days_that_were_watched():
    before = buckets([*[2] * 24, *[4] * 24, *[90] * 24], HOUR)
    usual = usual_hours(before, buckets([48, 96, 2160], DAY), zone=ZONE)
    assert set(usual) == set(range(24))
    assert set(usual.values()) == {4.0}


def test_days_without_any_post_were_not_watched_and_three_are_needed():
    before = buckets([0] * 24 * 3, HOUR)
    assert usual_hours(before, buckets([0, 5, 5], DAY), zone=ZONE) == {}
    assert usual_hours(before, buckets([5, 5, 5], DAY), zone=ZONE)[7] == 0.0


async def test_growth_mood_and_copies_are_drawn_from_the_store(scene: ConsoleScene):
    posts = [
        stored_post(
            number,
            "杯子漏水",
            published_at=START - timedelta(minutes=number),
            fetched_at=START,
            stored_at=START,
            scenario="product_quality",
            sentiment="negative",
            copy_group="same",
            author=f"{number:016x}",
            repost_of="0" if number else None,
            analysis={"emotion": {"label": "angry"}},
        )
        for number in range(6)
    ]
    await scene.container.store.upsert(posts)
    incident = await scene.open(first_post_at=START - timedelta(minutes=10))
    page = await scene.look(
        f"/incidents/{incident.id}?tab=spread", await scene.person("wei", Role.VIEWER)
    )
    await page.until(lambda: "6 帖" in page.texts and "愤怒" in page.texts)
    assert "首帖之前监测不满 3 天，还说不出平时是多少。" in page.texts
    assert any("6 个作者" in text for text in page.texts)


async def test_an_incident_without_posts_says_so(scene: ConsoleScene):
    incident = await scene.open(kind=Kind.COVERAGE, scenario=None, evidence=())
    page = await scene.look(
        f"/incidents/{incident.id}?tab=spread", await scene.person("wei", Role.VIEWER)
    )
    assert "这类事件没有帖子，也就没有传播。" in page.texts
