"""Which topic carries the anger, over stored posts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.auth import SYSTEM
from service.errors import Conflict
from service.topics import FitRequest
from tests.support.stored_posts import NOON, stored_post
from tests.support.stored_topics import TopicScene, themed_posts
from tests.support.topic_scene import FOOD, PARCEL, RAIN, theme_of

HOUR = timedelta(hours=1)
SPAN: dict[str, Any] = {"since": NOON, "until": NOON + 24 * HOUR}


async def test_the_topic_of_the_anger(scene: TopicScene) -> None:
    version = await scene.fit()
    found = await scene.readings.mood(version, **SPAN, width=HOUR, emotion="angry")
    first = found.carriers[0]
    terms = (version.findings or {})["topics"][first.topic or 0]["terms"]
    assert (found.posts, found.counted) == (120, 120)
    assert theme_of([term["word"] for term in terms[:5]]) == 0
    assert first.of_emotion > 0.9
    assert first.lift > 2.5
    assert sum(bucket.posts for bucket in found.buckets) == 120
    assert {bucket.start for bucket in found.buckets} == {NOON + n * HOUR for n in range(3)}


async def test_who_shares_without_a_word_is_about_the_same(scene: TopicScene) -> None:
    version = await scene.fit()
    original = stored_post(900, words=FOOD[:4], copy_group="g")
    shares = [
        stored_post(n, "转发微博", words=("转发", "微博"), copy_group="g", monitors=("s",))
        for n in range(901, 905)
    ]
    lone = stored_post(910, "转发微博", words=(), copy_group="h", monitors=("s",))
    await scene.store.upsert([original, *shares, lone])
    found = await scene.readings.mood(
        version,
        since=NOON + timedelta(minutes=890),
        until=NOON + 24 * HOUR,
        width=24 * HOUR,
        emotion="angry",
    )
    assert [(bucket.topic is None, bucket.posts) for bucket in found.buckets] == [
        (False, 5),
        (True, 1),
    ]


async def test_bad_news_that_spares_the_monitor_is_none_of_its_anger(scene: TopicScene) -> None:
    version = await scene.fit()
    spared = themed_posts(FOOD, each=10, start=800, monitors=("x",), spared=("x",))
    await scene.store.upsert(spared)
    found = await scene.readings.mood(version, **SPAN, width=HOUR, emotion="angry", monitor="x")
    assert (found.counted, found.carriers) == (10, ())


async def test_what_is_not_ready_has_no_mood(scene: TopicScene) -> None:
    asked = await scene.desk.ask(SYSTEM, FitRequest())
    with pytest.raises(Conflict, match="not ready"):
        await scene.readings.mood(asked, **SPAN, width=HOUR, emotion="angry")


async def test_new_posts_that_fit_nothing(scene: TopicScene) -> None:
    version = await scene.fit()
    await scene.store.upsert(themed_posts(RAIN, each=70, start=1_500, seed=4))
    await scene.store.upsert(themed_posts(PARCEL, each=30, start=1_600, seed=5))
    begin = NOON + timedelta(minutes=1_499)
    found = await scene.readings.novelty(version, since=begin, until=begin + 5 * HOUR)
    assert found.alarm
    assert {word for word, _ in found.terms} <= set(RAIN)
    calm = await scene.readings.novelty(version, **SPAN)
    assert not calm.alarm
