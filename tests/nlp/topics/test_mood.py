"""Which topic carries the anger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nlp.topics import MoodPost, carriers, mood_series
from tests.support.topic_scene import DAY

HOUR = timedelta(hours=1)


def post(hours: float, topic: int | None, emotion: str | None = "neutral") -> MoodPost:
    sentiment = "negative" if emotion == "angry" else "neutral"
    return MoodPost(at=DAY + hours * HOUR, topic=topic, sentiment=sentiment, emotion=emotion)


POSTS = [
    *[post(0, 0, "angry")] * 6,
    *[post(0.5, 0, "sad")] * 2,
    *[post(1, 1)] * 8,
    *[post(1.5, 1, "angry")] * 2,
    post(1.9, None, None),
    post(3, 0),
]


def test_buckets_by_topic() -> None:
    found = mood_series(POSTS, since=DAY, until=DAY + 3 * HOUR, width=HOUR)
    assert [(item.start, item.topic, item.posts) for item in found] == [
        (DAY, 0, 8),
        (DAY + HOUR, 1, 10),
        (DAY + HOUR, None, 1),
    ]
    assert found[0].emotions == {"angry": 6, "sad": 2}
    assert found[0].sentiments == {"negative": 6, "neutral": 2}
    assert found[2].emotions == {}


def test_a_bucket_has_a_length() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        mood_series(POSTS, since=DAY, until=DAY + HOUR, width=timedelta(0))


def test_the_topic_that_carries_the_anger() -> None:
    first, second = carriers(POSTS, "angry")
    assert (first.topic, first.with_emotion, first.of_emotion) == (0, 6, 0.75)
    assert first.in_topic == pytest.approx(6 / 9, abs=1e-4)
    assert first.lift == pytest.approx((6 / 9) / (8 / 20), abs=1e-3)
    assert (second.topic, second.of_emotion) == (1, 0.25)


def test_an_emotion_that_nobody_has() -> None:
    assert carriers(POSTS, "fear") == ()
    assert carriers([], "angry") == ()


def test_counts_add_up() -> None:
    found = mood_series(POSTS, since=DAY, until=DAY + 9 * HOUR, width=timedelta(minutes=7))
    assert sum(item.posts for item in found) == len(POSTS)
