"""A console with something to see on the pages of figures: a hundred days of two brands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from crawlers import PostKey
from service.auth import SYSTEM
from service.coverage import Cause, Condition, Gap, Sight, repository
from service.coverage.lag import Stage
from service.coverage.percentiles import counted
from service.coverage.repository import FeedHour
from service.incidents import Incident, Kind
from service.monitors import BrandDraft, BrandKind, MonitorDraft, SourceDraft
from service.series import Point
from service.stores import StoredPost
from service.stories import Embedded, StoryFilter, StoryInbox
from service.topics import FitRequest, TopicVersion
from tests.support.console_scene import ConsoleScene
from tests.support.hostile import HARMLESS
from tests.support.stored_posts import stored_post
from tests.support.topic_scene import THEMES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONITOR = "tea"
COMPLAINTS = (
    "快递一直没到，等了五天，物流不更新",
    "客服不回复，打电话没人接",
    "退款一直不到账，申请了一个星期",
    "青柚茶喝出异味，孩子拉肚子",
)
_CALM = ("青柚茶很好喝，会回购", "请问青柚茶哪里有卖", "建议出小瓶装", "今天也喝了一杯青柚茶")
_INTENTS = ("praise", "question", "suggestion", "other")
_SOURCES = ("weibo", "heimao", "xiaohongshu", "forum")


async def brands(scene: ConsoleScene, *, name: str = "晨屿") -> None:
    """Our brand with a monitor, and a competitor's with another."""
    for brand, called, kind in (
        ("chenyu", name, BrandKind.OWN),
        ("yunque", "云雀", BrandKind.COMPETITOR),
    ):
        await scene.container.brands.put(SYSTEM, BrandDraft(id=brand, name=called, kind=kind))
    for monitor, called, brand in ((MONITOR, name, "chenyu"), ("lark", "云雀 口碑", "yunque")):
        draft = MonitorDraft(id=monitor, name=called, query="茶", brand_id=brand)
        await scene.container.monitors.put(SYSTEM, draft)


async def posts(
    scene: ConsoleScene, said: Sequence[str] = HARMLESS, *, days: int = 62, a_day: int = 14
) -> list[StoredPost]:
    """So many posts a day; what strangers said is among those of the last hours, and passed on."""
    draw, now = random.Random(7), scene.clock.now()
    made = [
        _post(scene, number, draw, at=now - day * DAY - draw.random() * DAY)
        for day in range(days)
        for number in range(day * 1_000, day * 1_000 + a_day)
    ]
    root: StoredPost | None = None
    for place, text in enumerate(said):
        at = now - 6 * HOUR + timedelta(minutes=place % 200)
        post = _post(
            scene,
            500_000 + place,
            draw,
            at=at,
            text=text,
            repost_of=None if root is None else root.native_id,
            parent_id=None if root is None else root.native_id,
        )
        root = root or post
        made.append(post)
    shared = [
        _post(
            scene,
            600_000 + place,
            draw,
            at=now - 5 * HOUR + timedelta(minutes=place),
            text="转发微博",
            source=root.source,
            repost_of=root.native_id,
            parent_id=root.native_id,
        )
        for place in range(12)
        if root is not None
    ]
    made += shared
    await scene.container.store.upsert(made)
    return made


def _post(
    scene: ConsoleScene, number: int, draw: random.Random, *, at: datetime, **changes: Any
) -> StoredPost:
    """A post of our monitor, or one in four of the competitor's."""
    bad = draw.random() < 0.4
    text = changes.pop("text", None) or (draw.choice(COMPLAINTS) if bad else draw.choice(_CALM))
    source = changes.pop("source", None) or ("weibo" if changes else draw.choice(_SOURCES))
    theme = THEMES[number % len(THEMES)]
    values = {
        "id": PostKey(source, str(number)).id,
        "source": source,
        "published_at": at,
        "fetched_at": at + timedelta(seconds=40),
        "stored_at": at + timedelta(seconds=42),
        "monitors": (MONITOR,) if draw.random() < 0.75 or number >= 500_000 else ("lark",),
        "sentiment": "negative" if bad else draw.choice(("neutral", "positive")),
        "author": f"au_{draw.randrange(400):020x}",
        "followers": draw.randrange(50, 200_000),
        "reposts": draw.randrange(9),
        "likes": draw.randrange(60),
        "words": tuple(draw.sample(theme, 5)),
        "analysis": {
            "emotion": {"label": "angry" if bad else "happy", "scores": {}},
            "intent": {"label": "complaint" if bad else draw.choice(_INTENTS), "scores": {}},
        },
    }
    return stored_post(number, text, **(values | changes))


async def feeds(scene: ConsoleScene, said: Sequence[str] = HARMLESS) -> Incident:
    """A source that is refused, with its incident; one that is late, one that is fine, a pushed
    one. Answers the incident."""
    now = scene.clock.now()
    incident = await scene.open(
        kind=Kind.COVERAGE, monitor_id="", scenario=None, subject="heimao", title="信源失联：heimao"
    )
    for name in ("heimao", "news"):
        draft = SourceDraft(
            id=name, kind="rss", name=name, settings={"url": f"https://{name}.example/feed"}
        )
        await scene.container.sources.put(SYSTEM, draft)
    async with scene.container.database.write() as connection:
        for name, pushed, sight, cause, ago in (
            ("heimao", False, Sight.BLOCKED, Cause.REFUSED, 3 * HOUR),
            ("news", False, Sight.OK, Cause.POSTS_ARRIVE, 5 * HOUR),
            ("push:weibo", True, Sight.OK_EMPTY, Cause.NOTHING_NEW, 2 * HOUR),
        ):
            await repository.make_known(connection, name, pushed=pushed, now=now - 9 * DAY)
            known = await repository.feed(connection, name)
            assert known is not None
            platforms = [name.rpartition(":")[2], *said[:3]]
            await repository.note_posts(
                connection, known, platforms=platforms, channels=["social"], at=now - ago
            )
            await repository.note_pull(connection, name, at=now - timedelta(minutes=4))
            dark = cause is Cause.REFUSED
            detail = f"HTTP 403 {said[0][:200]}" if dark else ""
            condition = Condition(
                sight=sight, since=now - ago, cause=cause, detail=detail, dark=dark
            )
            await repository.save_condition(connection, name, condition)
            lag = 5_400.0 if name == "news" else 30.0
            for hours in range(1, 60):
                lags = {
                    Stage.FETCHED.value: counted([lag, lag * 2]),
                    Stage.CLEANED.value: counted([1.5, 4.0]),
                }
                hour = (now - hours * HOUR).replace(minute=0, second=0, microsecond=0)
                more = FeedHour(
                    feed_id=name, hour=hour, posts=hours % 7, due=12, collected=11, lags=lags
                )
                await repository.add_hour(connection, more)
        await repository.open_gap(
            connection,
            Gap(
                feed_id="heimao",
                sight=Sight.BLOCKED,
                detail=f"HTTP 403 {said[0][:200]}",
                since=now - 3 * HOUR,
                until=None,
            ),
        )
        await repository.note_incident(connection, "heimao", incident.id)
    return incident


async def story(scene: ConsoleScene, made: Sequence[StoredPost]) -> str:
    """Stories of the newest posts; answers the id of one."""
    now = scene.clock.now()
    vector = np.random.default_rng(3).normal(size=64).astype(np.float32)
    recent = [post for post in made if post.published_at > now - DAY]
    embedded = [Embedded(post=post, vector=vector, space="test") for post in recent]
    await StoryInbox(scene.container.database).offer(embedded, now=now)
    await scene.container.story_clustering.run(now)
    found, _ = await scene.container.stories.page(StoryFilter())
    assert found
    return found[0].id


async def topics(scene: ConsoleScene) -> TopicVersion:
    """A version of what is stored, active."""
    request = FitRequest(topics=3, activate=True)
    asked = await scene.container.topics.desk.ask(SYSTEM, request)
    return await scene.container.topics.runner.run(asked)


async def rain(scene: ConsoleScene) -> None:
    """An imported series over the last ninety days."""
    now = scene.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    points = [Point(now - day * DAY, float(day * 7 % 11)) for day in range(90)]
    await scene.container.series.write(SYSTEM, "rain.hangzhou", points, unit="mm")
